import { describe, expect, it } from "vitest";
import {
  compareSchemas,
  compareServices,
  defineService,
  type JsonSchema,
  type MethodOptions,
  type Schema,
  t,
} from "../../../src/index.js";

const point = { x: t.number(), y: t.number() };
const list = t.recursive("List", (rest) => t.object({ head: t.string(), rest: t.optional(rest) }));
const numbers = t.recursive("List", (rest) =>
  t.object({ head: t.uint8(), rest: t.optional(rest) }),
);

/** Whether readers of the new schema take what writers of the old one write, and the other way. */
const rows: readonly [
  name: string,
  before: Schema,
  after: Schema,
  forward: boolean,
  backward: boolean,
][] = [
  ["the same", t.object(point), t.object(point), true, true],
  ["other words", t.string(), t.string({ description: "a name" }), true, true],
  ["any", t.string(), t.any(), true, false],
  ["a wider integer", t.uint8(), t.uint16(), true, false],
  ["an integer, then any number", t.uint8(), t.number(), true, false],
  ["another type", t.string(), t.boolean(), false, false],
  ["bytes for text", t.string(), t.bytes(), false, false],
  ["more choices", t.enum(["a", "b"]), t.enum(["a", "b", "c"]), true, false],
  ["choices, then text", t.enum(["a", "b"]), t.string(), true, false],
  [
    "a branch more",
    t.union([t.null(), t.string()]),
    t.union([t.string(), t.null(), t.bytes()]),
    true,
    false,
  ],
  ["a longer text", t.string({ maxLength: 5 }), t.string({ maxLength: 6 }), true, false],
  ["no pattern", t.string({ pattern: "^a" }), t.string(), true, false],
  ["another pattern", t.string({ pattern: "^a" }), t.string({ pattern: "^b" }), false, false],
  ["a date, then text", t.date(), t.string(), true, false],
  [
    "fewer items",
    t.array(t.any(), { minItems: 2 }),
    t.array(t.any(), { minItems: 1 }),
    true,
    false,
  ],
  ["items of another type", t.array(t.uint8()), t.array(t.string()), false, false],
  [
    "a new optional property",
    t.object(point),
    t.object({ ...point, z: t.optional(t.number()) }),
    true,
    false,
  ],
  ["a new required property", t.object(point), t.object({ ...point, z: t.number() }), false, false],
  ["a property less", t.object(point), t.object({ x: t.number() }), false, false],
  [
    "a property that may be missing",
    t.object(point),
    t.object({ ...point, y: t.optional(t.number()) }),
    true,
    false,
  ],
  ["an object, then a map", t.object(point), t.map(t.number()), true, false],
  ["a list of something else", list, numbers, false, false],
  ["a list of the same", list, { ...list }, true, true],
];

const breaks = (before: JsonSchema, after: JsonSchema): boolean =>
  compareSchemas(before, after).needs === "major";

describe("compareSchemas", () => {
  it.each(rows)("%s", (_name, before, after, forward, backward) => {
    expect(!breaks(before, after)).toBe(forward);
    expect(!breaks(after, before)).toBe(backward);
    expect(compareSchemas(before, after, "strict").needs !== "major").toBe(forward && backward);
  });

  it("tells what changed, and where", () => {
    const before = t.object({ lines: t.array(t.object({ name: t.string({ maxLength: 9 }) })) });
    const after = t.object({ lines: t.array(t.object({ name: t.string({ maxLength: 5 }) })) });
    expect(compareSchemas(before, after).changes).toEqual([
      { place: ".lines[].name", message: "maxLength was 9, is 5", isBreaking: true },
    ]);
  });
});

const get: MethodOptions = {
  parameters: [t.param("key", t.string({ maxLength: 9 }))],
  result: t.object({ ...point, z: t.optional(t.number()) }),
};
const shop = (methods: Record<string, MethodOptions>) =>
  defineService({ name: "Shop", methods } as Parameters<typeof defineService>[0]).definition;

describe("compareServices", () => {
  const before = shop({ get });
  it.each([
    ["none", { get }, []],
    ["patch", { get: { ...get, description: "gets" } }, []],
    ["minor", { get, put: get }, ["put is new"]],
    ["major", { put: get }, ["get is gone", "put is new"]],
    [
      "minor",
      { get: { ...get, parameters: [t.param("key", t.string())] } },
      ["get(key) maxLength was 9, is none"],
    ],
    [
      "major",
      { get: { ...get, parameters: [t.param("key", t.string({ maxLength: 5 }))] } },
      ["get(key) maxLength was 9, is 5"],
    ],
    [
      "minor",
      {
        get: { ...get, parameters: [...(get.parameters ?? []), t.param("n", t.optional(t.any()))] },
      },
      ["get(n) is new"],
    ],
    [
      "major",
      { get: { ...get, parameters: [...(get.parameters ?? []), t.param("n", t.any())] } },
      ["get(n) is new and required"],
    ],
    // A result may promise more, not less.
    [
      "minor",
      { get: { ...get, result: t.object({ ...point, z: t.number() }) } },
      ["get result.z was optional, is required"],
    ],
    ["major", { get: { ...get, result: t.object({ ...point, w: t.any() }) } }, undefined],
  ] as const)("asks for %s", (needs, methods, changes) => {
    const comparison = compareServices(before, shop(methods as Record<string, MethodOptions>));
    expect(comparison.needs).toBe(needs);
    if (changes === undefined) return;
    expect(comparison.changes.map(({ place, message }) => `${place} ${message}`)).toEqual(changes);
  });

  it("takes an addition as a break where the old version has to serve new callers", () => {
    expect(compareServices(before, shop({ get, put: get }), "strict").needs).toBe("major");
  });
});
