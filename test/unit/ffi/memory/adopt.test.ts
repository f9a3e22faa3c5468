import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DynamicLibrary, getRawPointer } from "../../../../src/ffi/index.js";
import { adopt } from "../../../../src/ffi/memory/adopt.js";
import { load } from "../../../../src/ffi/memory/load-store.js";
import { collectNow } from "../../../support/collect-garbage.js";
import { cLibrary } from "../../../support/compile.js";

const lib = new DynamicLibrary(cLibrary);
const malloc = lib.getFunction("malloc", { arguments: ["uint64"], return: "pointer" });
const free = lib.getFunction("free", { arguments: ["pointer"] });
const memset = lib.getFunction("memset", {
  arguments: ["pointer", "int32", "uint64"],
  return: "pointer",
});

/** Collects until something is true; finalizers run between turns of the event loop. */
async function collectUntil(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    collectNow();
    await delay(1);
  }
}

describe("adopted memory", () => {
  it("is looked at in place and given back once", () => {
    const given: bigint[] = [];
    const address = malloc(16n);
    const memory = adopt(address, {
      size: 16,
      free: (pointer) => {
        given.push(pointer);
        free(pointer);
      },
    });
    memset(memory, 7, 16n);
    expect(Array.from(memory.bytes)).toEqual(new Array(16).fill(7));
    expect(load(memory.pointer.offset(12), "uint32")).toBe(0x07070707);
    const { bytes, pointer } = memory;
    memory.free();
    memory[Symbol.dispose]();
    expect(given).toEqual([address]);
    expect(bytes.length).toBe(0);
    expect(() => memset(pointer, 1, 1n)).toThrow("must be bytes that are not detached");
    expect(() => memory.bytes).toThrow(expect.objectContaining({ code: "ERR_FFI_FREED_MEMORY" }));
  });

  it("is given back by the collector, after its last view", async () => {
    const block = new Uint8Array(64).fill(5);
    let given = 0;
    let bytes: Uint8Array | undefined = adopt(getRawPointer(block), {
      size: 64,
      free: () => {
        given++;
      },
    }).bytes;
    for (let round = 0; round < 5; round++) {
      collectNow();
      await delay(1);
    }
    expect([given, bytes[63]]).toEqual([0, 5]);
    bytes = undefined;
    await collectUntil(() => given > 0);
    expect(given).toBe(1);
  });
});

describe("an adopted handle", () => {
  it("is passed as its address until it was given back", () => {
    const block = new Uint8Array(4);
    let given = 0;
    const handle = adopt(getRawPointer(block), {
      free: () => {
        given++;
      },
    });
    const { pointer } = handle;
    memset(handle, 1, 2n);
    memset(pointer.offset(2), 2, 2n);
    expect(Array.from(block)).toEqual([1, 1, 2, 2]);
    expect(() => handle.bytes).toThrow("bytes are there only if adopt was given their size");
    handle.free();
    expect(given).toBe(1);
    for (const dead of [handle, pointer]) {
      expect(() => memset(dead, 1, 1n)).toThrow("must be bytes that are not detached");
    }
  });

  it("is kept by a pointer of it", async () => {
    const block = new Uint8Array(4);
    let given = 0;
    const take = () =>
      adopt(getRawPointer(block), {
        free: () => {
          given++;
        },
      }).pointer;
    let pointer: ReturnType<typeof take> | undefined = take();
    for (let round = 0; round < 5; round++) {
      collectNow();
      await delay(1);
    }
    expect([given, pointer.unsafeAddress]).toEqual([0, getRawPointer(block)]);
    pointer = undefined;
    await collectUntil(() => given > 0);
    expect(given).toBe(1);
  });

  it("needs an address and a way to give it back", () => {
    expect(() => adopt(0n, { free })).toThrow(
      expect.objectContaining({ code: "ERR_FFI_INVALID_POINTER" }),
    );
    expect(() => adopt(5n, {} as never)).toThrow("free must be a function, got undefined");
    expect(() => adopt(5n, { free, size: 0 })).toThrow("size must be an integer from 1 to");
  });
});
