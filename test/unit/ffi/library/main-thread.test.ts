import * as threads from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { isMainThread } from "../../../../src/ffi/library/main-thread.js";

describe("isMainThread", () => {
  it("says what node:worker_threads says, in Node", () => {
    expect(isMainThread()).toBe(threads.isMainThread && process.versions.bun === undefined);
  });

  it("does not take a thread for the main one that refuses to change the directory", () => {
    const { chdir } = process;
    process.chdir = () => {
      throw Object.assign(new TypeError("not here"), { code: "ERR_WORKER_UNSUPPORTED_OPERATION" });
    };
    try {
      expect(isMainThread()).toBe(false);
    } finally {
      process.chdir = chdir;
    }
  });
});
