import fc from "fast-check";
import { Compile } from "typebox/schema";
import { describe, expect, it } from "vitest";
import { type Schema, t } from "../../../../src/index.js";
import { type CborFormat, loadCbor } from "../../../../src/service/cbor/cbor.js";
import { codecOf } from "../../../../src/service/schema/codec.js";

const point = t.object({ x: t.number(), label: t.optional(t.string()) });
const bigintIn = (min: bigint, max: bigint) => fc.bigInt({ min, max });
const integer = (min: number, max: number) => fc.integer({ min, max });

/** Years that RFC 3339 can write. */
const dates = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

interface Tree {
  readonly id: bigint;
  readonly children: readonly Tree[];
}

const cbor = await loadFormat();

async function loadFormat(): Promise<CborFormat> {
  const format = await loadCbor();
  if (format === undefined) throw new Error("cborg is a development dependency");
  return format;
}

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

/** Arrays in one another. */
function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

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
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      bigintIn(0n, 2n ** 63n - 1n),
    ),
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
    "limited number",
    t.number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }),
    [0, 1, -0.5, "0.5"],
  ],
  ["limited integer", t.uint8({ minimum: 10, multipleOf: 5 }), fc.constantFrom(10, 255), [5, 11]],
  ["set", t.array(t.int64(), { uniqueItems: true }), fc.constantFrom([1n, 2n], []), [[1n, 1]]],
  [
    "keyed map",
    t.map(t.uint8(), {
      keys: t.string({ pattern: "^[a-z]$" }),
      minProperties: 1,
      maxProperties: 2,
    }),
    fc.dictionary(fc.stringMatching(/^[a-z]$/), integer(0, 255), { minKeys: 1, maxKeys: 2 }),
    [{}, { A: 1 }, { a: 1, b: 2, c: 3 }],
  ],
  [
    "tree",
    t.recursive<Tree>("Tree", (tree) =>
      t.object({ id: t.int64(), children: t.array(tree, { maxItems: 2 }) }),
    ),
    fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.record(
        {
          id: bigintIn(0n, 9n),
          children: fc.oneof(
            { maxDepth: 4 },
            fc.constant([]),
            fc.array(tie("tree"), { maxLength: 2 }),
          ),
        },
        { noNullPrototype: true },
      ),
    })).tree,
    [{ id: 1n }, { id: 1n, children: [{ id: "1", children: [] }] }],
  ],
  [
    "date",
    t.date(),
    dates.map((date) => date.toISOString().slice(0, 10)),
    ["2026-02-30", "26-1-1"],
  ],
  ["datetime", t.datetime(), dates, ["2026-11-21T00:00:00Z", new Date(Number.NaN), 0]],
  [
    "time",
    t.time(),
    fc.constantFrom("14:30:00Z", "23:59:60Z", "00:59:60+01:00", "01:02:03.4-05:00"),
    ["24:00:00Z", "14:30", "12:00:60Z", "14:30:00"],
  ],
  ["duration", t.duration(), fc.constantFrom("P1D", "PT36H", "P4W", "P1Y2M3DT4H5M6S"), ["P", "1D"]],
  ["uuid", t.uuid(), fc.uuid(), ["123e4567e89b12d3a456426614174000", ""]],
  [
    "uri",
    t.uri(),
    fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.constantFrom(
        "http://[::1]",
        "ldap://[2001:db8::7]:389/c=GB?one",
        "urn:a:b",
        "ws://a@[::]",
      ),
    ),
    ["/a", "a b:c", "a:]", "http://x/[1]", "http://x?[1]", "x:a[::1]", "http://[::1]a/"],
  ],
  [
    "email",
    t.email(),
    fc.constantFrom("a@b", "first.last+tag@example.org"),
    ["a", "a@-b", "a b@c"],
  ],
  [
    "any",
    t.any(),
    // The key __proto__ is refused where bytes come in: it does not travel.
    fc
      .jsonValue()
      .map(
        (value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")) as unknown,
      ),
    [
      undefined,
      1n,
      Number.NaN,
      [undefined],
      new Array(1),
      { a: () => 1 },
      new Uint8Array(1),
      new Map([[1, 2]]),
      { pending: Promise.resolve(1) },
      cycle(),
      nested(501),
    ],
  ],
];

describe.each(schemas)("a value of the schema %s", (_, schema, good, bad) => {
  const codec = codecOf(schema);
  // The JSON form of what the codec accepts, judged by somebody else's JSON Schema.
  const judge = Compile(JSON.parse(JSON.stringify(schema)) as object);
  const isExact = !JSON.stringify(schema).includes("x-kind");
  const toJson = (value: unknown): unknown => {
    codec.check(value);
    return JSON.parse(
      JSON.stringify(codec.isPlain ? value : codec.toWire(value, "json")),
    ) as unknown;
  };

  it("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(good, (value) => {
        expect(codec.fromWire(toJson(value), "json")).toEqual(value);
      }),
    );
  });

  it("comes back from CBOR as it was", () => {
    fc.assert(
      fc.property(good, (value) => {
        fc.pre(isWellFormed(value));
        const wire = codec.isPlain ? value : codec.toWire(value, "cbor");
        expect(codec.fromWire(cbor.decode(cbor.encode(wire)), "cbor")).toEqual(value);
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
        const isRead = reads(() => codec.fromWire(json, "json"));
        // Of special kinds a schema does not say all: base64, no NUL, 64 bits.
        if (isRead || isExact) expect(judge.Check(json)).toBe(isRead);
      }),
    );
  });
});

/** CBOR has no text with half of a surrogate pair. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  return Object.entries(value).every((entry) => entry.every(isWellFormed));
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
