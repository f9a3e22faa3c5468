import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Schema, t, validate } from "../../../src/index.js";
import { generateValue } from "../../../src/testing/index.js";

interface Tree {
  readonly value: number;
  readonly children: readonly Tree[];
}

const schemas: readonly [name: string, schema: Schema][] = [
  ["null", t.null()],
  ["void", t.void()],
  ["boolean", t.boolean()],
  ["integer", t.integer()],
  ["int8", t.int8()],
  ["uint32", t.uint32({ minimum: 2 ** 31 })],
  ["int64", t.int64()],
  ["uint64", t.uint64()],
  ["number", t.number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })],
  ["multiples", t.number({ multipleOf: 0.1, minimum: -2.5, maximum: 3 })],
  ["even numbers", t.integer({ multipleOf: 2, minimum: 1, maximum: 2 })],
  ["float64", t.float64()],
  ["string", t.string()],
  ["short string", t.string({ minLength: 3, maxLength: 4, noNul: true })],
  ["pattern with examples", t.string({ pattern: "^a+$", examples: ["a", "aaa"] })],
  ["date", t.date()],
  ["time", t.time()],
  ["datetime", t.datetime()],
  ["duration", t.duration()],
  ["uuid", t.uuid()],
  ["uri", t.uri()],
  ["email", t.email()],
  ["bytes", t.bytes()],
  ["data", t.data()],
  ["any", t.any()],
  ["array", t.array(t.uint8(), { minItems: 2, maxItems: 4, uniqueItems: true })],
  ["object", t.object({ a: t.string(), b: t.optional(t.int64({ default: "5" })) })],
  ["map", t.map(t.boolean(), { minProperties: 1, maxProperties: 3 })],
  ["map of keys", t.map(t.null(), { keys: t.string({ maxLength: 3 }), minProperties: 2 })],
  ["union", t.union([t.string(), t.int8(), t.null()])],
  ["enum", t.enum(["a", 2, null])],
  ["literal", t.literal("x")],
  [
    "tree",
    t.recursive<Tree>("Tree", (self) =>
      t.object({ value: t.number(), children: t.array(self), next: t.optional(self) }),
    ),
  ],
];

describe.each(schemas)("a value of %s", (_, schema) => {
  it("fits its schema, and is the same for the same seed", () => {
    for (let seed = 0; seed < 100; seed++) {
      const value = generateValue(schema, { seed });
      expect(validate(schema, value)).toEqual([]);
      expect(generateValue(schema, { seed })).toEqual(value);
    }
  });
});

describe("generateValue", () => {
  it("varies with the seed", () => {
    const values = Array.from({ length: 20 }, (_, seed) => generateValue(t.uuid(), { seed }));
    expect(new Set(values).size).toBe(20);
  });

  it("fits schemas of other libraries that give JSON Schema", () => {
    const user = z.object({ name: z.string().min(2), age: z.int().min(0).max(150) });
    for (let seed = 0; seed < 20; seed++) user.parse(generateValue(user, { seed }));
  });

  it("says where it needs an example", () => {
    expect(() => generateValue(t.string({ pattern: "^x{40}$" }))).toThrow(
      "no value was found for the schema: give it examples or a default",
    );
  });

  it("refuses a seed that is none", () => {
    expect(() => generateValue(t.null(), { seed: 0.5 })).toThrow(
      "seed must be an integer from -2147483648 to 4294967295, got 0.5",
    );
  });
});
