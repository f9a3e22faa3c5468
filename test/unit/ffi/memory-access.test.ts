import { describe, expect, it } from "vitest";
import ffi from "../../../src/ffi/index.js";

const memory = Buffer.alloc(64);
const pointer = ffi.getRawPointer(memory);

const scalars = [
  { type: "Int8", bytes: 1, values: [-128, 0, 127], refused: [-129, 128, 1.5, 1n] },
  { type: "Uint8", bytes: 1, values: [0, 255], refused: [-1, 256, Number.NaN] },
  { type: "Int16", bytes: 2, values: [-32768, 32767], refused: [32768, "1"] },
  { type: "Uint16", bytes: 2, values: [0, 65535], refused: [-1, 65536] },
  { type: "Int32", bytes: 4, values: [-(2 ** 31), 2 ** 31 - 1], refused: [2 ** 31, null] },
  { type: "Uint32", bytes: 4, values: [0, 2 ** 32 - 1], refused: [2 ** 32, undefined] },
  { type: "Int64", bytes: 8, values: [-(2n ** 63n), 2n ** 63n - 1n], refused: [2n ** 63n, 0.5] },
  { type: "Uint64", bytes: 8, values: [0n, 2n ** 64n - 1n], refused: [-1n, -1, 2n ** 64n] },
  { type: "Float32", bytes: 4, values: [0.5, Number.NaN, -0], refused: [1n, "1"] },
  { type: "Float64", bytes: 8, values: [0.1, Number.MAX_VALUE], refused: [1n, true] },
] as const;

type AnyGetter = (pointer: unknown, offset?: unknown) => unknown;
type AnySetter = (pointer: unknown, offset: unknown, value: unknown) => void;

describe.each(scalars)("get$type and set$type", ({ type, bytes, values, refused }) => {
  const get = ffi[`get${type}`] as AnyGetter;
  const set = ffi[`set${type}`] as AnySetter;

  it("read what was written, at an offset, and nothing beyond it", () => {
    for (const value of values) {
      memory.fill(0xee);
      set(pointer, 8, value);
      expect(get(pointer, 8)).toBe(value);
      expect(get(pointer + 8n)).toBe(value);
      expect(memory[7]).toBe(0xee);
      expect(memory[8 + bytes]).toBe(0xee);
    }
  });

  it("refuse a value that does not fit and write nothing", () => {
    for (const value of refused) {
      memory.fill(0xee);
      expect(() => set(pointer, 0, value)).toThrowError(/^value must be .*, got /);
      expect(memory.every((byte) => byte === 0xee)).toBe(true);
    }
  });

  it("refuse what is no address or offset", () => {
    expect(() => get(5)).toThrowError(expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }));
    expect(() => get(0n)).toThrowError(
      expect.objectContaining({ code: "ERR_FFI_INVALID_POINTER" }),
    );
    for (const offset of [-1, 0.5, "0", 1n]) {
      expect(() => get(pointer, offset)).toThrowError("offset must be a non-negative integer");
    }
    expect(() => get(2n ** 64n - 1n, 1)).toThrowError("pointer + offset");
  });
});

it("a 64-bit setter takes a safe integer too", () => {
  ffi.setInt64(pointer, 0, -5);
  expect(ffi.getInt64(pointer)).toBe(-5n);
});

describe("toBuffer and toArrayBuffer", () => {
  it("copy unless told otherwise", () => {
    memory.fill(1);
    const copy = ffi.toBuffer(pointer, 4);
    const view = ffi.toArrayBuffer(pointer, 4, false);
    memory.fill(2);
    expect([...copy]).toEqual([1, 1, 1, 1]);
    expect([...new Uint8Array(view)]).toEqual([2, 2, 2, 2]);
    new Uint8Array(view)[0] = 9;
    expect(memory[0]).toBe(9);
  });

  it("give nothing for no length and refuse the null pointer and bad lengths", () => {
    expect(ffi.toBuffer(0n, 0)).toHaveLength(0);
    expect(() => ffi.toBuffer(0n, 3)).toThrowError("null pointer");
    expect(() => ffi.toBuffer(pointer, -1)).toThrowError("length must be a non-negative integer");
    expect(() => ffi.toBuffer(pointer, 1.5)).toThrowError("length must be a non-negative integer");
  });
});

describe("exportString, exportBuffer, exportArrayBuffer, exportArrayBufferView", () => {
  it("write the bytes, and a terminator after a string", () => {
    memory.fill(0xee);
    ffi.exportString("Grüße", pointer, 16);
    expect(ffi.toString(pointer)).toBe("Grüße");
    ffi.exportString("hi", pointer, 6, "utf16le");
    expect([...memory.subarray(0, 6)]).toEqual([104, 0, 105, 0, 0, 0]);
    ffi.exportBuffer(Buffer.from([1, 2]), pointer, 2);
    ffi.exportArrayBuffer(Uint8Array.of(3).buffer, pointer + 2n, 1);
    ffi.exportArrayBufferView(Uint16Array.of(0x0504), pointer + 3n, 2);
    expect([...memory.subarray(0, 5)]).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuse memory that is too small, and write nothing", () => {
    memory.fill(0xee);
    const tooSmall = expect.objectContaining({ code: "ERR_OUT_OF_RANGE" });
    expect(() => ffi.exportString("hello", pointer, 5)).toThrowError(tooSmall);
    expect(() => ffi.exportString("hi", pointer, 5, "utf16le")).toThrowError(tooSmall);
    expect(() => ffi.exportBuffer(Buffer.alloc(4), pointer, 3)).toThrowError(tooSmall);
    expect(memory.every((byte) => byte === 0xee)).toBe(true);
  });

  it("refuse other kinds of source", () => {
    const wrongType = expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" });
    expect(() => ffi.exportString(5 as never, pointer, 5)).toThrowError(wrongType);
    expect(() => ffi.exportBuffer(new Uint8Array(1) as never, pointer, 5)).toThrowError(wrongType);
    expect(() => ffi.exportArrayBuffer(memory as never, pointer, 64)).toThrowError(wrongType);
    expect(() => ffi.exportArrayBufferView(5 as never, pointer, 5)).toThrowError(wrongType);
    expect(() => ffi.exportString("x", pointer, 5, "zzz" as never)).toThrowError("encoding");
  });
});
