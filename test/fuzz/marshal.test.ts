import { describe, expect, it } from "vitest";
import { requireEngine } from "../../src/ffi/call/engine.js";
import { lowerSignature } from "../../src/ffi/call/lower.js";
import { generateMarshaller } from "../../src/ffi/call/marshal-generated.js";
import { interpretMarshaller } from "../../src/ffi/call/marshal-interpreted.js";
import type { MarshallerFactory, PlanName, Refusals } from "../../src/ffi/call/marshaller.js";
import { makeSignature } from "../../src/ffi/call/signature.js";
import { array, DynamicLibrary, enumeration, pointer, struct, union } from "../../src/ffi/index.js";
import type { CType } from "../../src/ffi/types/ctype.js";
import { nativeValueOf } from "../../src/ffi/types/native-value.js";
import { scalarType } from "../../src/ffi/types/scalar.js";
import { NATIVE_TYPES, type ValueType } from "../../src/ffi/types/types.js";
import { fixtureLibrary } from "../support/compile.js";
import { createRandom, seed } from "../support/random.js";

/**
 * Generated and interpreted marshallers are twins: for any values, hostile ones included, both give
 * the same result or refuse the same argument, and leave the same bytes in the frame.
 */
const rounds = 4000;
const engine = requireEngine();
const address = new DynamicLibrary(fixtureLibrary).getSymbol("dirty_upper_bits");

const Point = struct({ x: "double", y: "int16" });
const Mixed = struct({ name: "string", size: "size_t", colors: array("uint8", 5), point: Point });
const Either = union({ number: "double", text: "utf16" });
const Level = enumeration({ LOW: 1, HIGH: 7 });
const scalars = (Object.keys(NATIVE_TYPES) as ValueType[])
  .filter((type) => type !== "void")
  .map(scalarType);
const composites: readonly CType[] = [
  Point,
  Mixed,
  Either,
  Level,
  pointer(Point),
  pointer("int", "out"),
  pointer(Mixed, "in"),
  pointer("string"),
];
const types: readonly CType[] = [...scalars, ...composites];
// The called function gives a constant in an integer register; other results would be rubbish.
const resultTypes = scalars.filter(
  ({ value }) => NATIVE_TYPES[value] !== "pointer" && !/float|extended/.test(value),
);
const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

const values: readonly unknown[] = [
  ...[0, -0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, 65535, 65536, 2.5, 1e300],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, -(2 ** 53)],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  ...[0n, 1n, -1n, 2n ** 63n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n, 1n << 200n],
  ...[
    true,
    false,
    null,
    undefined,
    Symbol("s"),
    {},
    [],
    () => 1,
    new Date(0),
    Object(1),
    Object(1n),
  ],
  ...["", "a", "\0", "a\0", "é", "🌍", "\ud800", "x".repeat(60), "é".repeat(60)],
  ...[
    Buffer.from("b"),
    new Uint8Array(0),
    detached,
    detached.buffer,
    new DataView(new ArrayBuffer(2)),
  ],
  ...[new ArrayBuffer(4), new SharedArrayBuffer(4), Object.create(Uint8Array.prototype)],
  { valueOf: () => 7, [Symbol.toPrimitive]: () => 7 },
  new Proxy(new Uint8Array(4), {}),
];

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

interface Outcome {
  readonly result?: unknown;
  readonly refused?: string;
  readonly frame?: string;
}

function outcome(make: MarshallerFactory, plan: PlanName, args: readonly unknown[]): Outcome {
  const refused = (what: string) => (detail: number) => {
    engine.frame.u32[engine.frame.statusIndex] = 0;
    throw new Error(`${what} ${detail}`);
  };
  const refuse: Refusals = {
    argument: refused("argument"),
    part: (index, path, expected) => refused(`part ${index}${path} ${expected}`)(0),
    callback: (index, problem) => refused(`callback ${index} ${problem}`)(0),
    detached: refused("detached"),
    count: refused("count"),
    status: refused("status"),
  };
  const { frame } = engine;
  frame.u8.fill(0);
  const top = frame.scratch.top;
  try {
    const result = make(plan, refuse)(...args);
    expect(frame.scratch.top).toBe(top);
    return { result, frame: Buffer.from(frame.u8.subarray(16)).toString("latin1") };
  } catch (error) {
    expect(frame.scratch.top).toBe(top);
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

describe(`the two marshallers (NEARFAR_SEED=${seed})`, () => {
  it("agree on results, refusals and the frame", () => {
    const random = createRandom(seed);
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const parameterTypes = Array.from({ length: Math.floor(random() * 12) }, () =>
        pick(random, types),
      );
      const result = pick(random, resultTypes);
      const parameters = parameterTypes.map((type) => ({ name: undefined, type }));
      const signature = makeSignature(parameters, result, { capturesError: random() < 0.2 });
      const native = [result, ...parameterTypes].map(nativeValueOf);
      const layout = engine.binding.lowerSignature(native, -1, 0);
      const token = engine.binding.createPlan(layout.shape, 0, address);
      const plan = { index: engine.frame.u32[engine.frame.planIndex] ?? 0, token };
      const lowered = lowerSignature(engine, signature, layout.slots);
      const generated = generateMarshaller(engine, lowered);
      const interpreted = interpretMarshaller(engine, lowered);
      const surplus = random() < 0.05 ? 1 : 0;
      const args = Array.from({ length: parameterTypes.length + surplus }, (_, index) =>
        random() < 0.7 ? plausible(random, parameterTypes[index]) : pick(random, values),
      );
      const first = outcome(generated, plan, args);
      const second = outcome(interpreted, plan, args);
      expect(second, parameterTypes.map(({ name }) => name).join()).toEqual(first);
      if (first.refused === undefined) accepted++;
      engine.binding.releasePlan(plan.index);
    }
    expect(accepted).toBeGreaterThan(rounds / 20);
  });
});

/** A value that the type is likely to accept, so that long signatures get through at times. */
function plausible(random: () => number, type: CType | undefined): unknown {
  switch (type?.kind) {
    case "scalar":
      return plausibleScalar(random, type.value);
    case "enum":
      return pick(random, ["LOW", "HIGH", 3]);
    case "struct":
      if (type === Point) return pick(random, [{ x: 1.5, y: -2 }, Point.view()]);
      return { name: null, size: 3, colors: [1, 2, 3, 4, 5], point: { x: 0, y: 0 } };
    case "union":
      return pick(random, [{ number: 0.5 }, { text: null }]);
    case "pointer":
      return pick(random, [null, 0n, [], new Uint8Array(64)]);
    default:
      return 0;
  }
}

function plausibleScalar(random: () => number, type: ValueType): unknown {
  if (type === "bool") return random() < 0.5;
  if (type.toLowerCase().includes("text")) return pick(random, ["", "abc", "é".repeat(30)]);
  if (type === "pointer") return pick(random, [0n, null, "abc", Buffer.from("xyz"), 5n]);
  return pick(random, [0, 1, 100]);
}
