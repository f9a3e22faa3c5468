import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { native } from "./backends.js";

/**
 * Where in another process's memory (proc(5)) a key's bytes are, big-endian as they are exported or
 * little-endian as numbers are kept. V8's memory has no name; malloc's, OpenSSL's above all, is `[heap]`.
 */
function placesOf(process: number, key: Buffer): string[] {
  const needles = [key, Buffer.from(key).reverse()];
  const memory = openSync(`/proc/${process}/mem`, "r");
  try {
    return readFileSync(`/proc/${process}/maps`, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, start = "", end = "", name = ""] =
          /^(\w+)-(\w+) rw.. \w+ \S+ \d+ *(.*)$/.exec(line) ?? [];
        const [from, to] = [Number.parseInt(start, 16), Number.parseInt(end, 16)];
        // What can be written and is not larger than a heap of this size has.
        if (!(to - from <= MOST_BYTES)) return [];
        const bytes = read(memory, from, to - from);
        return needles.some((needle) => bytes.includes(needle)) ? [name] : [];
      });
  } finally {
    closeSync(memory);
  }
}

/** Nothing of what the collector has given back meanwhile. */
function read(memory: number, from: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  try {
    return bytes.subarray(0, readSync(memory, bytes, 0, size, from));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EIO") return bytes.subarray(0, 0);
    throw error;
  }
}

const MOST_BYTES = 256 * 1024 * 1024;
const MASK = 0x55;

const script = fileURLToPath(new URL("../../fixtures/secret-process.mjs", import.meta.url));
const entry = new URL("../../../dist/crypto/index.js", import.meta.url).href;

function start(algorithm: string, key: Buffer): ChildProcess {
  const masked = Buffer.from(key.map((byte) => byte ^ MASK)).toString("hex");
  return spawn(process.execPath, ["--expose-gc", script, entry, algorithm, masked, String(MASK)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

const algorithms = ["ed25519", "ed448", "p256", "p384", "p521", "secp256k1"] as const;

describe.runIf(process.platform === "linux")("a private key that nobody has any more", () => {
  it.each(algorithms)("%s: none of it is left in JavaScript's memory", async (algorithm) => {
    const key = native.generateKeyPair(algorithm).privateKey.export({ format: "raw" });
    const child = start(algorithm, key);
    try {
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      const next = lines[Symbol.asyncIterator]();
      expect((await next.next()).value).toBe("ready");
      expect(placesOf(child.pid as number, key)).not.toEqual([]);
      child.stdin?.write("drop\n");
      expect((await next.next()).value).toBe("dropped");
      expect(placesOf(child.pid as number, key)).not.toContain("");
    } finally {
      child.kill();
    }
  });
});
