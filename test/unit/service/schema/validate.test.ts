import { describe, expect, it } from "vitest";
import { t, validate } from "../../../../src/index.js";

const order = t.object({
  id: t.int64(),
  lines: t.array(t.object({ product: t.string({ minLength: 1 }), count: t.uint8() }), {
    uniqueItems: true,
  }),
  note: t.optional(t.string()),
});

describe("validate", () => {
  it("finds nothing in a value that fits", () => {
    expect(validate(order, { id: 1n, lines: [{ product: "tea", count: 2 }] })).toEqual([]);
  });

  it("finds everything that does not, with path, code and the engine's words", () => {
    const lines = [
      { product: "", count: 300 },
      { product: 5, count: "1" },
    ];
    expect(validate(order, { lines })).toEqual([
      {
        path: ".id",
        code: "required",
        message: expect.stringMatching(/^value\.id must be an integer from .*, got undefined$/),
      },
      {
        path: ".lines[0].product",
        code: "value",
        message:
          "value.lines[0].product must be a string of at least 1 characters, " +
          "got a string of 0 characters",
      },
      {
        path: ".lines[0].count",
        code: "value",
        message: "value.lines[0].count must be an integer from 0 to 255, got 300",
      },
      { path: ".lines[1].product", code: "type", message: expect.stringContaining("got 5") },
      { path: ".lines[1].count", code: "type", message: expect.stringContaining("a string") },
    ]);
  });

  it("names unknown properties and equal items", () => {
    const line = { product: "tea", count: 2 };
    expect(validate(order, { id: 1, lines: [line, { ...line }] })).toMatchObject([
      { path: ".lines", code: "duplicate" },
    ]);
    expect(validate(order, { id: 1, lines: [], notes: "" })).toMatchObject([
      { path: "", code: "unknown", message: expect.stringContaining('"notes"') },
    ]);
  });

  it("judges the JSON form if asked to", () => {
    const stamp = t.object({ at: t.datetime(), raw: t.bytes() });
    const json = { at: "2026-11-21T12:00:00+01:00", raw: "AAE=" };
    expect(validate(stamp, json, { form: "json" })).toEqual([]);
    expect(validate(stamp, json)).toMatchObject([{ path: ".at" }, { path: ".raw" }]);
    expect(validate(stamp, { ...json, at: "yesterday" }, { form: "json" })).toMatchObject([
      { path: ".at", code: "type" },
    ]);
  });

  it("does not show what strings hold", () => {
    const [error] = validate(t.string({ maxLength: 3 }), "secret");
    expect(error?.message).not.toContain("secret");
  });
});

describe("a schema", () => {
  it("with a default that does not fit is refused", () => {
    expect(() => validate(t.uint8({ default: 256 }), 1)).toThrow(/default .* from 0 to 255/);
    expect(() => validate(t.string({ examples: [1] }), "")).toThrow(/example .* a string/);
  });

  it("that means something no codec does is refused", () => {
    const schema = { type: "string", minimum: 5 } as const;
    expect(() => validate(schema, "")).toThrow(/made with t/);
  });
});

describe("a multiple", () => {
  it("is one of the decimal fractions that the numbers are written as", () => {
    const cents = t.number({ multipleOf: 0.01 });
    expect(validate(cents, 4.35)).toEqual([]);
    expect(validate(cents, 1e300)).toEqual([]);
    expect(validate(cents, 4.355)).toMatchObject([{ code: "value" }]);
    expect(validate(cents, 5e-324)).toMatchObject([{ code: "value" }]);
  });
});
