import fc from "fast-check";
import { Compile } from "typebox/schema";
import { describe, expect, it } from "vitest";
import { type Schema, t } from "../../../src/index.js";
import { codecOf } from "../../../src/service/codec.js";

const point = t.object({ x: t.number(), label: t.optional(t.string()) });
const bigintIn = (min: bigint, max: bigint) => fc.bigInt({ min, max });
const integer = (min: number, max: number) => fc.integer({ min, max });

/** Every schema that `t` writes, with values that belong to it and values that do not. */
const schemas: readonly [
  name: string,
  schema: Schema,
  good: fc.Arbitrary<unknown>,
  bad: unknown[],
][] = [
  ["null", t.null(), fc.constant(null), [undefined, 0, ""]],
  ["boolean", t.boolean(), fc.boolean(), [0, "true", null]],
  ["integer", t.integer(), fc.maxSafeInteger(), [0.5, 2 ** 53, "1", 1n, Number.NaN]],
  ["int8", t.int8(), integer(-128, 127), [-129, 128, 0.5, "1"]],
  ["uint8", t.uint8(), integer(0, 255), [-1, 256, 300]],
  ["int16", t.int16(), integer(-32768, 32767), [-32769, 32768]],
  ["uint16", t.uint16(), integer(0, 65535), [-1, 65536]],
  ["int32", t.int32(), integer(-(2 ** 31), 2 ** 31 - 1), [2 ** 31, 2.5, Number.NaN, 1n]],
  ["uint32", t.uint32(), integer(0, 2 ** 32 - 1), [-1, 2 ** 32, Number.POSITIVE_INFINITY]],
  ["int64", t.int64(), bigintIn(-(2n ** 63n), 2n ** 63n - 1n), [2n ** 63n, 2 ** 53, "1", 0.5]],
  ["uint64", t.uint64(), bigintIn(0n, 2n ** 64n - 1n), [-1, -1n, 2n ** 64n, "1"]],
  [
    "number",
    t.number(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
    [Number.NaN, Number.POSITIVE_INFINITY, "1"],
  ],
  ["float64", t.float64(), fc.double(), ["NaN", "1", 1n, null]],
  ["string", t.string(), fc.string({ unit: "binary" }), [1, null, undefined, new Uint8Array(1)]],
  [
    "short string",
    t.string({ minLength: 1, maxLength: 3 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
    ["", "four", 5],
  ],
  ["long string", t.string({ minLength: 2 }), fc.constant("ab"), ["🐇"]],
  ["digits", t.string({ pattern: "^[0-9]+$" }), fc.stringMatching(/^[0-9]+$/), ["", "1a"]],
  [
    "C string",
    t.string({ noNul: true }),
    fc.string({ unit: "grapheme" }).filter((s) => !s.includes("\0")),
    ["a\0", 5],
  ],
  ["bytes", t.bytes(), fc.uint8Array(), ["AAAA", [1], new Int16Array(1), null]],
  ["data", t.data(), fc.oneof(fc.string(), fc.uint8Array()), [1, { base64: "AAAA" }, null]],
  [
    "array",
    t.array(t.uint8(), { minItems: 1, maxItems: 3 }),
    fc.array(integer(0, 255), { minLength: 1, maxLength: 3 }),
    [[], [1, 2, 3, 4], [256], {}, new Uint8Array(2)],
  ],
  ["array of bytes", t.array(t.bytes()), fc.array(fc.uint8Array()), [["AAAA"]]],
  [
    "object",
    point,
    fc.oneof(fc.constant({ x: 1 }), fc.constant({ x: 2, label: "a" })),
    [{}, { x: "1" }, { x: 1, y: 2 }, [], null, new Uint8Array(1)],
  ],
  [
    "map",
    t.map(t.int64()),
    fc.dictionary(fc.string(), bigintIn(0n, 2n ** 63n - 1n)),
    [{ a: "1" }, [], null],
  ],
  [
    "union",
    t.union([t.int64(), t.null(), t.bytes()]),
    fc.oneof(bigintIn(0n, 9n), fc.constant(null), fc.uint8Array()),
    ["1", undefined, {}],
  ],
  ["literal", t.literal("on"), fc.constant("on"), ["off", null]],
  ["enum", t.enum(["a", 1, null]), fc.constantFrom("a", 1, null), ["b", 2, undefined]],
  [
    "any",
    t.any(),
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    [undefined, 1n, Number.NaN, [undefined], { a: () => 1 }, new Uint8Array(1)],
  ],
];

describe.each(schemas)("a value of the schema %s", (_, schema, good, bad) => {
  const codec = codecOf(schema);
  // The JSON form of what the codec accepts, judged by somebody else's JSON Schema.
  const judge = Compile(JSON.parse(JSON.stringify(schema)) as object);
  const isExact = !JSON.stringify(schema).includes("x-kind");
  const toJson = (value: unknown): unknown => {
    codec.check(value);
    return JSON.parse(JSON.stringify(codec.isPlain ? value : codec.toJson(value))) as unknown;
  };

  it("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(good, (value) => {
        expect(codec.fromJson(toJson(value))).toEqual(value);
      }),
    );
  });

  it("has a JSON form that its JSON Schema describes", () => {
    fc.assert(
      fc.property(good, (value) => {
        expect(judge.Check(toJson(value))).toBe(true);
      }),
    );
  });

  it.each(bad.map((value) => ({ value })))("is not $value", ({ value }) => {
    expect(() => codec.check(value)).toThrow();
  });

  it("is read from JSON only where its JSON Schema allows it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as unknown;
        const isRead = reads(() => codec.fromJson(json));
        // Of special kinds a schema does not say all: base64, no NUL, 64 bits.
        if (isRead || isExact) expect(judge.Check(json)).toBe(isRead);
      }),
    );
  });
});

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
