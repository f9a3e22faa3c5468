import { isDetachedView } from "../../internal/detached.js";
import type { Engine } from "./engine.js";
import type {
  Argument,
  AsyncMarshallerFactory,
  Lowered,
  MarshallerFactory,
  ValueArgument,
} from "./marshaller.js";
import { gatherSource, spreadSource } from "./piece-source.js";
import { addressSource, holderSource, pointerSource, seenSource } from "./pointer-source.js";
import { hasQuickForm, QUICK_STATE, quickSource } from "./quick-source.js";
import { loadSource } from "./scalar-source.js";
import {
  acceptedSource,
  membersSource,
  refuseSource,
  scalarsOf,
  scalarsSource,
} from "./scalars-source.js";

/**
 * Writes the marshaller of a signature as source. Every value in the source comes from our own
 * tables and layout numbers, never from a caller's text.
 *
 * All functions of one signature share this code: what differs is the plan's index, and the native
 * function called is always the same one, so its call sites stay monomorphic (measured: 32 ns for
 * a native function per signature against 51 ns with a native function each). A marshaller is a
 * method, which has `arguments` and, as the interpreter's arrow functions, cannot be constructed.
 */
export function generateMarshaller(engine: Engine, lowered: Lowered): MarshallerFactory {
  return compile(engine, lowered, syncSource(engine, lowered)) as MarshallerFactory;
}

/** The same for calls on the thread pool. */
export function generateAsyncMarshaller(engine: Engine, lowered: Lowered): AsyncMarshallerFactory {
  return compile(engine, lowered, asyncSource(engine, lowered)) as AsyncMarshallerFactory;
}

function compile(engine: Engine, lowered: Lowered, body: string): unknown {
  const source = `"use strict";
const { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, point, scratch } = engine.frame;
const { asIntN, asUintN } = BigInt;
const { storeSafe, writeText, writeWideText } = engine.frame;
const { readText, readSize, memoryOf, addressOf, release, spread, gather } = engine;
const { dispatch, reentrant, withMemory } = engine.crossing;
const { views: dispatchViewsFast, text: dispatchText } = withMemory ?? {};
const { dispatchViews } = engine.binding;
const { isView } = ArrayBuffer;
const { held } = scratch;
const args = lowered.arguments, result = lowered.result;
${lowered.arguments.map(constantSource).join("\n")}
${refuseSource(scalarsOf(lowered.arguments))}
${body}`;
  const make = new Function("engine", "lowered", "isDetachedView", source);
  return make(engine, lowered, isDetachedView);
}

/** What a marshaller's code refers to by name, taken from the argument it belongs to. */
function constantSource(argument: Argument): string {
  const { index } = argument;
  switch (argument.how) {
    case "scalar":
      return argument.members ? `const members${index} = args[${index}].members;` : "";
    case "pointer":
      return "";
    case "value":
    case "holder":
      return `const part${index} = args[${index}];`;
  }
}

function syncSource(engine: Engine, lowered: Lowered): string {
  const names = parameterNames(lowered);
  const make = (body: string) => `return ({ index: plan, token }, refusals) => ({
call(${names.join(", ")}) {
if (arguments.length !== ${names.length}) refusals.count(arguments.length);
${body}
} }).call;`;
  if (!hasQuickForm(engine, lowered)) return make(generalSource(engine, lowered));
  // Two functions, so that the one that is called is short.
  const list = ["plan", "token", "refusals", ...names].join(", ");
  return `${QUICK_STATE}
const general = (${list}) => { ${generalSource(engine, lowered)} };
${make(quickCallSource(engine, lowered, `return general(${list});`))}`;
}

/** The call whatever the arguments are. */
function generalSource(engine: Engine, lowered: Lowered): string {
  const views = viewNames(lowered);
  const dispatch = dispatchSource(engine, lowered);
  const { planIndex, viewMaskIndex } = engine.frame;
  const call =
    views.length === 0
      ? dispatch
      : `if (mask === 0) { ${dispatch} } else { words[${viewMaskIndex}] = mask; dispatchViews(${views.join(", ")}); }`;
  const body = `${fillSource(lowered)}
words[${planIndex}] = plan; ${call}
${finishSource(engine, lowered)}`;
  return `const words = i32; ${guarded(lowered, body)}`;
}

/** The call by the V8 crossing alone, where its pointers are memory or one string. */
function quickCallSource(engine: Engine, lowered: Lowered, general: string): string {
  const scalars = scalarsOf(lowered.arguments);
  const finish = finishSource(engine, { ...lowered, arguments: scalars });
  const accepted = acceptedSource(scalars);
  return `const words = i32; ${membersSource(scalars)}
${quickSource(engine, lowered, { accepted, finish, general })}`;
}

function asyncSource(engine: Engine, lowered: Lowered): string {
  const names = parameterNames(lowered);
  const staged = lowered.arguments.flatMap(({ how, index }) =>
    how === "value" || how === "holder" ? [`s${index}`] : [],
  );
  if (lowered.result.how === "value") staged.push("r");
  return `return ({ index: plan }, refusals, start) => ({ call(${names}) {
const top = scratch.top, end = scratch.end, holding = held.length;
const words = i32;
scratch.end = 0;
try {
if (arguments.length !== ${lowered.arguments.length}) refusals.count(arguments.length);
${fillSource(lowered)}
${addressSource(lowered)}
words[${engine.frame.planIndex}] = plan;
return start(() => { ${finishSource(engine, lowered)} }, [${[...names, ...staged].join(", ")}], holding);
} catch (error) {
return Promise.reject(error);
} finally {
scratch.top = top; scratch.end = end;
if (held.length !== holding) release(holding);
}
} }).call;`;
}

function parameterNames(lowered: Lowered): string[] {
  return lowered.arguments.map(({ index }) => `a${index}`);
}

function viewNames(lowered: Lowered): string[] {
  return lowered.arguments.flatMap((argument) =>
    "view" in argument && argument.view >= 0 ? [`v${argument.view}`] : [],
  );
}

/** While callbacks exist, V8 versions that abort for JavaScript inside a fast call take another. */
function dispatchSource({ crossing, frame }: Engine, { isLeaf }: Lowered): string {
  if (crossing.name !== "v8") return "dispatch();";
  if (isLeaf || crossing.reentrant === undefined) return "dispatch(token);";
  return `if (words[${frame.liveIndex}] === 0) dispatch(token); else reentrant(token);`;
}

/** Gives scratch space, and what a call holds, back on every way out. */
function guarded(lowered: Lowered, body: string): string {
  const { result } = lowered;
  const holds =
    lowered.arguments.some(mayHold) || (result.how === "value" && result.placement.byReference);
  const usesScratch = holds || result.how === "value" || viewNames(lowered).length > 0;
  if (!usesScratch) return body;
  const before = holds ? "const holding = held.length;" : "";
  const after = holds ? "if (held.length !== holding) release(holding);" : "";
  return `const top = scratch.top; ${before}
try { ${body} } finally { scratch.top = top; ${after} }`;
}

/** Whether C may get the address of memory that nothing but the call keeps. */
function mayHold(argument: Argument): boolean {
  if (argument.how === "scalar") return false;
  return argument.how !== "pointer" || argument.view < 0;
}

/**
 * Staging comes first: it may run JavaScript of the caller, which may make calls that use the
 * frame. After it nothing does, and the slots are stored.
 */
function fillSource(lowered: Lowered): string {
  const of = <H extends Argument["how"]>(how: H) =>
    lowered.arguments.filter((a): a is Extract<Argument, { how: H }> => a.how === how);
  const stages = lowered.arguments.filter(({ how }) => how === "value" || how === "holder");
  const views = viewNames(lowered);
  return [
    views.length > 0 ? `let mask = 0, ${views.join(", ")};` : "",
    ...stages.map(stageSource),
    ...of("pointer").map(seenSource),
    ...of("holder").map(seenSource),
    scalarsSource(scalarsOf(lowered.arguments)),
    ...of("pointer").map(pointerSource),
    ...of("holder").map(holderSource),
    ...of("value").map(valueSource),
    resultSpace(lowered),
  ].join("\n");
}

function stageSource(argument: Argument): string {
  const a = `a${argument.index}`;
  const stage = `part${argument.index}.stage(${a}, refusals)`;
  const skips = argument.how === "holder" && argument.takesAnyView;
  return `const s${argument.index} = ${skips ? `isView(${a}) ? ${a} : ` : ""}${stage};`;
}

function valueSource({ index, placement }: ValueArgument): string {
  const s = `s${index}`;
  const other = `spread(${s}, args[${index}].placement);`;
  const [pointer] = placement.pieces;
  if (pointer === undefined) return "";
  if (placement.byReference) {
    return `if (typeof ${s} === "number") point(${pointer.offset}, ${s}); else ${other}`;
  }
  return `if (typeof ${s} === "number") { ${spreadSource(s, placement)} } else ${other}`;
}

/** Memory for a result that C writes, or that is put together from registers. */
function resultSpace({ result }: Lowered): string {
  if (result.how === "scalar") return "";
  const { placement } = result;
  const [pointer] = placement.pieces;
  const pass =
    placement.byReference && pointer !== undefined
      ? `if (typeof r === "number") point(${pointer.offset}, r); else spread(r, result.placement);`
      : "";
  return `const r = result.reserve(); ${pass}`;
}

function finishSource({ frame }: Engine, lowered: Lowered): string {
  const { arguments: list, result, capturesError } = lowered;
  const status = `words[${frame.statusIndex}]`;
  const lines = [`if (${status} !== 0) refusals.status(${status});`];
  if (result.how === "value") {
    const { placement } = result;
    if (!placement.byReference) {
      lines.push(`if (typeof r === "number") { ${gatherSource("r", placement)} }
else gather(r, result.placement);`);
    }
    lines.push("const value = result.read(r);");
  } else {
    lines.push(`const value = ${loadSource(result.type, result.offset)};`);
  }
  if (capturesError) lines.push(`const errno = words[${frame.errorIndex}];`);
  for (const argument of list) {
    if (argument.how === "holder" && argument.unstage !== undefined) {
      const { index, takesAnyView } = argument;
      const when = takesAnyView ? `if (s${index} !== a${index}) ` : "";
      lines.push(`${when}part${index}.unstage(a${index}, s${index});`);
    }
  }
  lines.push(capturesError ? "return { value, errno };" : "return value;");
  return lines.join("\n");
}
