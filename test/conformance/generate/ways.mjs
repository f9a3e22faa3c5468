// The ways to call a function. Each gives the problems it found, in words.
import { Call } from "./call.mjs";
import { mapColumns } from "./columns.mjs";
import { chance } from "./random.mjs";

/** Plain calls, then, where V8 lets us ask for it, from optimised code. */
export function callPlainly(context, each, optimiser) {
  const call = context.bindings.function(each);
  const twice = () => [1, 2].flatMap(() => round(context, each, (args) => call(...args)));
  const isOptimised = optimiser !== undefined && each.fixed === undefined && !hasListener(each);
  if (!isOptimised || !chance(context.values.random, context.batch.optimised)) return twice();
  optimiser.prepare(call);
  const problems = twice();
  optimiser.optimise(call);
  problems.push(...twice());
  optimiser.note(call);
  return problems;
}

/** On the thread pool. */
export async function callAsynchronously(context, each) {
  const call = context.bindings.function(each);
  const prepared = new Call(context, each).prepare();
  try {
    prepared.load();
    return prepared.verify(await call.async(...prepared.args));
  } finally {
    prepared.dispose();
  }
}

/** C calls a JavaScript function of this signature: lent for the call, or registered. */
export function callBack(context, each) {
  const caller = context.bindings.caller(each);
  return [false, true].flatMap((isRegistered) => {
    const prepared = new Call(context, each);
    try {
      const listener = prepared.prepareCallback();
      const argument = isRegistered ? prepared.register(each, listener) : listener;
      prepared.load();
      caller(argument);
      return prepared.verifyCallback();
    } finally {
      prepared.dispose();
    }
  });
}

/** The same from a pool thread. */
export async function callBackAsynchronously(context, each) {
  const caller = context.bindings.caller(each);
  const prepared = new Call(context, each);
  try {
    const listener = prepared.prepareCallback();
    prepared.load();
    await caller.async(listener);
    return prepared.verifyCallback();
  } finally {
    prepared.dispose();
  }
}

/** Some rows in one crossing, here and on the pool. */
export async function callForRows(context, each) {
  const call = context.bindings.function(each);
  const rows = mapColumns(context, each);
  rows.load();
  const problems = rows.verify(call.map(...rows.arguments));
  rows.load();
  return [...problems, ...rows.verify(await call.map.async(...rows.arguments))];
}

export function hasListener({ parameters }) {
  return parameters.some(({ kind }) => kind === "function");
}

function round(context, each, call) {
  const prepared = new Call(context, each).prepare();
  try {
    prepared.load();
    return prepared.verify(call(prepared.args));
  } finally {
    prepared.dispose();
  }
}
