// Makes the calls of a seed and prints a line for each: what came back, or was thrown, and what the
// arguments look like afterwards. run.mjs compares the lines of differently started processes.
//
//   node program.mjs '{ "entry", "library", "seed", "functions", "cases", "first" }'
import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { isNativeError } from "node:util/types";
import { createOptimiser } from "../../conformance/generate/optimiser.mjs";
import { chance, createRandom, pick } from "../../conformance/generate/random.mjs";
import { TYPES } from "./c-prelude.mjs";
import { makeFunctions, prototype, resolve } from "./signatures.mjs";
import { KINDS } from "./types.mjs";
import { hostileValue, makeListener } from "./values.mjs";

/** One line, and no more of it than helps. */
const SHOWN = {
  compact: true,
  breakLength: Number.POSITIVE_INFINITY,
  depth: 4,
  maxArrayLength: 12,
  maxStringLength: 40,
};

const { entry, library: path, seed, functions: count, cases, first } = JSON.parse(process.argv[2]);
const { default: ffi, ...named } = await import(entry);
const optimiser = createOptimiser();
const kit = createKit();
const functions = makeFunctions(seed, count).map((each) => ({ each, call: resolve(kit, each) }));
for (const { call } of functions) optimiser?.prepare(call);

for (let index = first; index < first + cases; index++) {
  const made = functions[index % count];
  const isOptimised = optimiser !== undefined && index % 11 === 3;
  for (const way of ["sync", "async"]) {
    const args = makeArguments(index, made.each);
    if (isOptimised && way === "sync") optimiser.optimise(made.call);
    const outcome = await attempt(way === "sync" ? made.call : made.call.async, args);
    if (isOptimised && way === "sync") optimiser.note(made.call);
    const later = await Promise.allSettled(kit.later.splice(0));
    print(index, way, prototype(made.each), outcome, show(later.map(({ value }) => value)));
  }
}
print("calls from optimised code:", optimiser?.count ?? 0);

function createKit() {
  const types = named.cdef(TYPES);
  const library = new named.DynamicLibrary(path, { types });
  const { point: Point, large: Large } = types.types;
  return {
    ffi: named,
    library,
    Point,
    Large,
    args: [],
    /** Promises of asynchronous calls that hostile values made. */
    later: [],
    twice: library.getFunction("int32_t twice(int32_t x)"),
    echo: library.getFunction("const char *echo_text(const char *text)"),
    apply: library.getFunction("int32_t apply(int32_t (*function)(int32_t), int32_t x)"),
    digest: library.getFunction("uint64_t last_digest(void)"),
    listener: (random, result) => makeListener(random, kit, result),
    detachOne: (random) => {
      const buffer = bufferAmong(random);
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
    },
    shrinkOne: (random) => {
      const buffer = bufferAmong(random);
      if (buffer?.resizable) buffer.resize(1);
    },
  };
}

/** One of the buffers that this call was given. */
function bufferAmong(random) {
  const views = kit.args.filter((value) => ArrayBuffer.isView(value));
  return pick(random, views)?.buffer;
}

function makeArguments(index, { parameters }) {
  const random = createRandom(seed + index * 7919);
  const surplus = chance(random, 0.02) ? 1 : 0;
  const missing = chance(random, 0.02) ? 1 : 0;
  const hostility = pick(random, [0, 0.1, 0.3]);
  kit.args = [];
  for (const name of [...parameters, ...(surplus ? ["int8"] : [])]) {
    const { samples, shuns } = KINDS[name];
    const isHostile = chance(random, hostility);
    kit.args.push(isHostile ? hostileValue(random, kit, shuns) : samples(random, kit));
  }
  if (missing) kit.args.pop();
  return [...kit.args];
}

async function attempt(call, args) {
  let outcome;
  try {
    outcome = `gives ${show(await call(...args))}`;
  } catch (error) {
    outcome = `throws ${describe(error)}`;
  }
  return `${outcome}, digest ${kit.digest()}, leaves ${args.map(show).join(", ")}`;
}

/** Of an error, of whatever realm, its class by name, code and message. */
function describe(error) {
  if (!isNativeError(error)) return show(error);
  return `${error.constructor.name} ${error.code}: ${error.message}`;
}

function show(value) {
  try {
    return inspect(value, SHOWN);
  } catch {
    return `a ${typeof value} that cannot be shown`;
  }
}

/** The whole line at once, so that a crash loses none. */
function print(...words) {
  writeSync(1, `${words.join(" ").replaceAll("\n", "\\n")}\n`);
}
