import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, getRawPointer, toString as readText } from "../../../src/ffi/index.js";
import { fixtureLibrary } from "../../support/compile.js";

const lib = new DynamicLibrary(fixtureLibrary);
afterAll(() => lib.close());
const sum = lib.getFunction("uint64_t sum_bytes(const uint8_t *data, size_t length)");
const fill = lib.getFunction("void fill_bytes(uint8_t *data, size_t length, uint8_t value)");

function detached(): { buffer: ArrayBuffer; view: Uint8Array } {
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return { buffer, view };
}

describe("a pointer argument", () => {
  it("reads every kind of memory in place", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    const shared = new SharedArrayBuffer(16);
    new Uint8Array(shared).set(bytes);
    const memory = [
      bytes,
      Buffer.from(bytes),
      bytes.buffer,
      new DataView(bytes.buffer),
      new Uint16Array(bytes.buffer),
      shared,
      new Uint8Array(shared),
      getRawPointer(bytes),
    ];
    for (const value of memory) expect(sum(value, 16)).toBe(120n);
  });

  it("starts at the offset of a view", () => {
    const bytes = Uint8Array.from([100, 1, 2, 3, 100]);
    expect(sum(bytes.subarray(1, 4), 3)).toBe(6n);
    expect(sum(new DataView(bytes.buffer, 1, 3), 3)).toBe(6n);
  });

  it("is written in place", () => {
    const bytes = new Uint8Array(6);
    fill(bytes.subarray(2), 3, 7);
    expect([...bytes]).toEqual([0, 0, 7, 7, 7, 0]);
  });

  it("takes an empty view, null and undefined", () => {
    expect(sum(new Uint8Array(0), 0)).toBe(0n);
    expect(sum(null, 0)).toBe(0n);
    expect(sum(undefined, 0)).toBe(0n);
  });

  it("takes a string, copied for the call", () => {
    expect(sum("abc", 3)).toBe(294n);
    expect(sum("a".repeat(100_000), 100_000)).toBe(9_700_000n);
  });

  it("refuses detached memory", () => {
    const { buffer, view } = detached();
    for (const memory of [buffer, view, new DataView(new ArrayBuffer(0))]) {
      const call = () => sum(memory, 0);
      if (memory instanceof DataView) expect(call()).toBe(0n);
      else expect(call).toThrowError(/argument 1 \(data\) must be bytes that are not detached/);
    }
  });

  it("refuses an object that only inherits from a view", () => {
    const impostor = Object.create(Uint8Array.prototype) as Uint8Array;
    expect(() => sum(impostor, 0)).toThrowError("argument 1 (data) must be");
  });
});

describe("a call with more pointers than go by mask", () => {
  const letters = "abcdefghijkl".split("");
  const parameters = letters.map((letter) => `const uint8_t *${letter}`).join(", ");
  const prototype: string = `uint32_t first_bytes(${parameters})`;
  const first = lib.getFunction(prototype);
  const call = first as (...args: unknown[]) => unknown;

  it("reads all of them", () => {
    expect(call(...letters.map((_, index) => Uint8Array.of(index + 1)))).toBe(78);
    expect(call(...letters)).toBe([..."abcdefghijkl"].reduce((n, c) => n + c.charCodeAt(0), 0));
  });

  it("refuses a detached one at any place", () => {
    for (const place of [0, 7, 8, 11]) {
      const views = letters.map((_, index) =>
        index === place ? detached().view : Buffer.from([1]),
      );
      expect(() => call(...views)).toThrowError(
        `argument ${place + 1} (${letters[place]}) must be bytes that are not detached`,
      );
    }
  });
});

describe("scratch space", () => {
  it("is given back, also by calls that are refused", () => {
    const echo = lib.getFunction("const char *echo_string(const char *x)");
    const long = "y".repeat(19_000);
    for (let round = 0; round < 200; round++) {
      expect(echo(long)).toBe(long);
      expect(() => sum(long, -1)).toThrow();
      expect(() => echo(`${long}\0`)).toThrow();
    }
  });
});

describe("toString", () => {
  it("reads text at an address and null at the null pointer", () => {
    const bytes = Buffer.from("Grüße\0rest");
    expect(readText(getRawPointer(bytes))).toBe("Grüße");
    expect(readText(0n)).toBeNull();
  });

  it("refuses what is not an address", () => {
    expect(() => readText(5 as never)).toThrowError("pointer must be a bigint");
  });
});

describe("getRawPointer", () => {
  it("refuses what has no memory", () => {
    expect(() => getRawPointer(5 as never)).toThrowError("source must be bytes");
    expect(() => getRawPointer(detached().view)).toThrowError("detached");
    expect(() => getRawPointer(detached().buffer)).toThrowError("detached");
  });
});
