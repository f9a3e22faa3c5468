import { describe, expect, it } from "vitest";
import { requireEngine } from "../../src/ffi/call/engine.js";
import { DynamicLibrary } from "../../src/ffi/index.js";
import { generateMarshaller } from "../../src/ffi/call/marshal-generated.js";
import { interpretMarshaller } from "../../src/ffi/call/marshal-interpreted.js";
import {
  isPointer,
  type MarshallerFactory,
  type Placed,
  type PlanName,
  type Refusals,
} from "../../src/ffi/call/marshaller.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "../../src/ffi/types/types.js";
import { fixtureLibrary } from "../support/compile.js";
import { createRandom, seed } from "../support/random.js";

/**
 * Generated and interpreted marshallers are twins: for any values, hostile ones included, both give
 * the same result or refuse the same argument, and leave the same bytes in the frame.
 */
const rounds = 4000;
const engine = requireEngine();
const address = new DynamicLibrary(fixtureLibrary).getSymbol("dirty_upper_bits");

const types = (Object.keys(NATIVE_TYPES) as ValueType[]).filter((type) => type !== "void");
// The called function gives a constant in an integer register; other results would be rubbish.
const resultTypes = types.filter((type) => !isPointer(type) && !type.startsWith("float"));
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
      const native = [result, ...parameterTypes].map((type) => NATIVE_TYPES[type]);
      const layout = engine.binding.createPlan(0, address, native);
      let views = 0;
      const placed = parameterTypes.map((type, index): Placed => {
        const view = isPointer(type) && views < engine.binding.frameLayout.maxViews ? views++ : -1;
        const [offset = 0, width = 0] = layout.slots.slice(index * 2);
        return { type: concreteType(type), index, offset, width, view };
      });
      const where = { type: concreteType(result), offset: layout.result };
      const generated = generateMarshaller(engine, placed, where);
      const interpreted = interpretMarshaller(engine, placed, where);
      const surplus = random() < 0.05 ? 1 : 0;
      const args = Array.from({ length: parameterTypes.length + surplus }, (_, index) =>
        random() < 0.7 ? plausible(random, parameterTypes[index]) : pick(random, values),
      );
      const first = outcome(generated, layout, args);
      const second = outcome(interpreted, layout, args);
      expect(second, parameterTypes.join()).toEqual(first);
      if (first.refused === undefined) accepted++;
      engine.binding.releasePlan(layout.index);
    }
    expect(accepted).toBeGreaterThan(rounds / 20);
  });
});

/** A value that the type is likely to accept, so that long signatures get through at times. */
function plausible(random: () => number, type: ValueType | undefined): unknown {
  if (type === undefined) return 0;
  if (type === "bool") return random() < 0.5;
  if (type === "text" || type === "nullableText") return pick(random, ["", "abc", "é".repeat(30)]);
  if (type === "pointer") return pick(random, [0n, null, "abc", Buffer.from("xyz"), 5n]);
  return pick(random, [0, 1, 100]);
}
