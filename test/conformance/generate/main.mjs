// Exercises one compiled batch in this process:
//
//   node main.mjs '{ "package", "batch", "library", "progress", "ways", "rounds" }'
//
// Prints { ok, calls, optimised }, where `calls` counts functions by way, or { ok: false, name,
// way, problems } as JSON. Before each way of each function its name is written to the progress
// file, for whoever has to explain a crash.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { isCallable } from "./c-source.mjs";
import { canMap } from "./columns.mjs";
import { Context } from "./context.mjs";
import { layoutProblems } from "./layouts.mjs";
import { createOptimiser } from "./optimiser.mjs";
import {
  callAsynchronously,
  callBack,
  callBackAsynchronously,
  callForRows,
  callPlainly,
  hasListener,
} from "./ways.mjs";

const options = JSON.parse(process.argv[2]);
const optimiser = createOptimiser();

const PROGRESS_BYTES = 80;

/** In this order: a callback that lives can keep later calls from the faster crossing. */
const WAYS = {
  plain: { fits: (each) => !hasListener(each), run: plainly },
  async: { fits: (each) => !hasListener(each), run: callAsynchronously },
  map: { fits: canMap, run: callForRows },
  listener: { fits: hasListener, run: plainly },
  "async listener": { fits: hasListener, run: callAsynchronously },
  callback: { fits: isCallable, run: callBack },
  "async callback": { fits: isCallable, run: callBackAsynchronously },
};

function plainly(context, each) {
  return callPlainly(context, each, optimiser);
}

const outcome = await exercise();
console.log(JSON.stringify(outcome));
process.exitCode = outcome.ok ? 0 : 1;

async function exercise() {
  const ffi = await import(options.package);
  const batch = JSON.parse(readFileSync(options.batch, "utf8"));
  const context = new Context(ffi, batch, options.library);
  const layout = layoutProblems(context);
  if (layout.length > 0) return { ok: false, name: undefined, way: "layout", problems: layout };
  const progress = openSync(options.progress, "w");
  const calls = {};
  for (const way of options.ways) {
    const { fits, run } = WAYS[way];
    for (const each of batch.functions.filter(fits)) {
      writeSync(progress, `${each.name} ${way}`.padEnd(PROGRESS_BYTES), 0);
      for (let round = 0; round < options.rounds; round++) {
        const problems = await attempt(() => run(context, each));
        if (problems.length > 0) return { ok: false, name: each.name, way, problems };
      }
      calls[way] = (calls[way] ?? 0) + 1;
    }
  }
  closeSync(progress);
  return { ok: true, calls, optimised: optimiser?.count ?? 0 };
}

async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
