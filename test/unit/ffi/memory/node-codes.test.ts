import { describe, expect, it } from "vitest";
import {
  exportBuffer,
  exportString,
  getCurrentEventLoop,
  getInt32,
  getRawPointer,
  setInt32,
  toArrayBuffer,
  toBuffer,
} from "../../../../src/ffi/index.js";

const memory = Buffer.alloc(32);
const pointer = getRawPointer(memory);
const refusal = (code: string, name: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(name) });

// Programs may tell these by their codes; test/interop/node-ffi compares them with node:ffi's.
describe("the codes of node:ffi", () => {
  it.each(["4", null, undefined])("tell a length or offset of another type (%o)", (bad) => {
    const value = bad as never;
    const type = (name: string) => refusal("ERR_INVALID_ARG_TYPE", `${name} must be`);
    expect(() => toBuffer(pointer, value)).toThrowError(type("length"));
    expect(() => toArrayBuffer(pointer, value)).toThrowError(type("length"));
    expect(() => exportBuffer(memory, pointer, value)).toThrowError(type("length"));
    expect(() => setInt32(pointer, bad === undefined ? (null as never) : value, 1)).toThrowError(
      type("offset"),
    );
  });

  it("tell a length that is none from one that is too small", () => {
    for (const bad of [-1, 1.5, Number.NaN]) {
      expect(() => toBuffer(pointer, bad)).toThrowError(refusal("ERR_INVALID_ARG_VALUE", "length"));
      expect(() => getInt32(pointer, bad)).toThrowError(refusal("ERR_INVALID_ARG_VALUE", "offset"));
      const tooSmall = refusal("ERR_OUT_OF_RANGE", "length must be an integer of at least 3");
      expect(() => exportString("ab", pointer, bad)).toThrowError(tooSmall);
    }
    expect(() => exportString("ab", pointer, 2)).toThrowError(RangeError);
  });

  it("tell an encoding that nobody knows", () => {
    const write = (encoding: unknown) => () =>
      exportString("ab", pointer, 32, encoding as BufferEncoding);
    expect(write("utf9")).toThrowError(refusal("ERR_UNKNOWN_ENCODING", '"utf9"'));
    expect(write(5)).toThrowError(refusal("ERR_INVALID_ARG_TYPE", "encoding must be a string"));
  });
});

describe("getCurrentEventLoop", () => {
  it("gives one address in an environment", () => {
    expect(getCurrentEventLoop()).toBeTypeOf("bigint");
    expect(getCurrentEventLoop()).toBeGreaterThan(0n);
    expect(getCurrentEventLoop()).toBe(getCurrentEventLoop());
  });
});
