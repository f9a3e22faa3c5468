import { describe, expect, it } from "vitest";
import { loadCbor } from "../../../../src/service/cbor/cbor.js";

const cbor = await loadCbor();
if (cbor === undefined) throw new Error("cborg is a development dependency");
const { decode, encode } = cbor;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

describe("CBOR", () => {
  // RFC 8949, appendix A, and what the tags of section 3.4 say.
  it.each<[unknown, string]>([
    [0, "00"],
    [-1, "20"],
    [1000000, "1a000f4240"],
    [18446744073709551615n, "1bffffffffffffffff"],
    [-9223372036854775808n, "3b7fffffffffffffff"],
    [-0, "f98000"],
    [1.5, "f93e00"],
    [1.1, "fb3ff199999999999a"],
    [Number.POSITIVE_INFINITY, "f97c00"],
    [Number.NaN, "f97e00"],
    [null, "f6"],
    [true, "f5"],
    [new Uint8Array([1, 2, 3, 4]), "4401020304"],
    ["ü", "62c3bc"],
    [[1, [2, 3]], "8201820203"],
    [{ a: 1, b: [2, 3] }, "a26161016162820203"],
    [new Date("2013-03-21T20:04:00Z"), `c07818${hex(Buffer.from("2013-03-21T20:04:00.000Z"))}`],
  ])("writes %s as the standard does, and reads it", (value, expected) => {
    expect(hex(encode(value))).toBe(expected);
    expect(decode(bytes(expected))).toEqual(value);
  });

  it("reads dates as seconds since 1970 too", () => {
    expect(decode(bytes("c11a514b67b0"))).toEqual(new Date("2013-03-21T20:04:00Z"));
    expect(decode(bytes("c1fb41d452d9ec200000"))).toEqual(new Date("2013-03-21T20:04:00.500Z"));
  });

  it("leaves out properties that are undefined, as JSON does", () => {
    expect(hex(encode({ a: undefined, b: 1 }))).toBe("a1616201");
  });

  it("does not write half of a character", () => {
    expect(() => encode(["\ud800"])).toThrow(TypeError);
  });

  it.each([
    ["nothing", ""],
    ["an array without an end", "9f00ff"],
    ["text in pieces", "7f6161ff"],
    ["a key twice", "a2616101616102"],
    ["100,000 levels of arrays", `${"81".repeat(100_000)}00`],
    ["100,000 levels of maps", `${"a16161".repeat(100_000)}00`],
    ["100,000 tags around one another", "c0".repeat(100_000)],
    ["an array of 2^32 items that are not there", "9affffffff"],
    ["an array of 2^64 items", "9bffffffffffffffff"],
    ["a map of 2^53 entries", "bb0020000000000000"],
    ["a text of 2^32 bytes", "7affffffff"],
    ["bytes of 2^64", "5bffffffffffffffff00"],
    ["undefined", "f7"],
    ["a tag that nobody here knows", "d9d9f700"],
    ["an integer of more than 64 bits", "c2490100000000000000000"],
    ["a simple value", "e0"],
    ["a number as a key", "a10102"],
    ["__proto__ as a key", "a1695f5f70726f746f5f5f01"],
    ["text that is not UTF-8", "62c328"],
    ["a date that is none", "c061780"],
    ["a date of null", "c0f6"],
    ["something after the end", "0000"],
    ["half of an integer", "1a0000"],
    ["a reserved length", "1c"],
  ])("refuses %s", (_, text) => {
    expect(() => decode(bytes(text))).toThrow(new SyntaxError("invalid CBOR"));
  });

  it("takes __proto__ for a value, and what stands within the limit of depth", () => {
    expect(decode(encode(["__proto__", { a: "__proto__" }]))).toEqual([
      "__proto__",
      { a: "__proto__" },
    ]);
    expect(() => decode(bytes(`${"81".repeat(510)}00`))).not.toThrow();
    expect(() => decode(bytes(`${"81".repeat(511)}00`))).toThrow(SyntaxError);
  });
});
