import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createClient, defineService, t, validate } from "../../../../src/index.js";
import { codecOf } from "../../../../src/service/schema/codec.js";
import { failureOf } from "../../client/servers.js";

interface Term {
  readonly next?: Term;
  readonly sign: "plus" | "minus";
}

/** Which branch it is can be told only after all that is inside. */
const TERM = t.recursive<Term>("Term", (term) =>
  t.union([
    t.object({ next: t.optional(term), sign: t.literal("plus") }),
    t.object({ next: t.optional(term), sign: t.literal("minus") }),
  ]),
);

function termOf(levels: number, last: unknown): unknown {
  let term = last;
  for (let level = 1; level < levels; level++) term = { next: term, sign: "minus" };
  return term;
}

describe("a union that contains itself", () => {
  const codec = codecOf(TERM);

  it("judges what is inside once, not once for each branch on the way to it", () => {
    const term = termOf(200, { sign: "minus" });
    codec.check(term);
    expect(codec.fromWire(term, "json")).toEqual(term);
    expect(codec.fromWire(codec.toWire(term, "cbor"), "cbor")).toEqual(term);
    expect(validate(TERM, term)).toEqual([]);
    const wrong = termOf(200, { sign: "times" });
    expect(() => codec.check(wrong)).toThrow();
    expect(() => codec.fromWire(wrong, "json")).toThrow();
    expect(validate(TERM, wrong)).toHaveLength(1);
  });

  it("judges a value anew that has changed since", () => {
    const inner = { sign: "minus" };
    const term = { next: { next: inner, sign: "minus" }, sign: "minus" };
    codec.check(term);
    inner.sign = "times";
    expect(() => codec.check(term)).toThrow();
    inner.sign = "plus";
    codec.check(term);
  });
});

describe("values that contain themselves", () => {
  const endless: { next?: unknown; other?: unknown; sign: string } = { sign: "plus" };
  endless.next = endless;
  endless.other = endless;

  it("are one error of a validation, whatever their shape", () => {
    const list = t.recursive("List", (self) =>
      t.object({ next: t.optional(self), other: t.optional(self), sign: t.string() }),
    );
    for (const schema of [list, t.any(), t.map(t.any())]) {
      for (const form of ["value", "json"] as const) {
        const [error, ...others] = validate(schema, endless, { form });
        expect(error?.message).toMatch(/^value[.[].* must not be nested deeper than 500 levels$/);
        expect(others).toEqual([]);
      }
    }
  });

  it("are refused beside constants, and so are values without a JSON form", () => {
    const schema = t.union([t.enum([JSON.parse('{"a":{"b":[1]}}') as never]), t.string()]);
    const codec = codecOf(schema);
    codec.check({ a: { b: [1] } });
    for (const bad of [
      endless,
      { a: endless },
      { a: { b: [1n] } },
      { a: { b: { 0: 1 } } },
      { a: 1 },
    ]) {
      expect(validate(schema, bad)).toEqual([
        { path: "", code: "type", message: expect.stringMatching(/^value must be \{"a":/) },
      ]);
    }
  });

  it("are refused where another library judges", async () => {
    const Node = z.object({
      get next() {
        return z.optional(Node);
      },
    });
    const Lists = defineService({
      name: "Lists",
      methods: {
        size: { parameters: [t.param("list", Node)], result: t.integer(), handler: () => 1 },
        any: { parameters: [t.param("value", z.any())], result: t.integer(), handler: () => 1 },
      },
    });
    await using lists = createClient(Lists, { implementation: Lists });
    const list: { next?: object } = {};
    list.next = list;
    for (const [call, name] of [
      [() => lists.size(list), "list"],
      [() => lists.any(list), "value"],
    ] as const) {
      expect(await failureOf(call)).toEqual({
        code: "INVALID_ARGUMENT",
        message: `argument 1 (${name}).next.next.next... must not be nested deeper than 500 levels`,
      });
    }
  });
});
