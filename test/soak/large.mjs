// More than 4 GiB, where 32-bit counts end: a file, and pieces one after the other.
import nodeCrypto from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectSame, task } from "./support.mjs";

const { createHasher, hashFile } = await import(new URL("../crypto/index.js", task.entry).href);

const PIECE = Buffer.alloc(16 * 1024 * 1024);
const SIZE = 2 ** 32 + 5 * PIECE.length + 321;

/** Digest of `SIZE` zeros by whatever has `update` and `digest`. */
function digestBy(hasher) {
  for (let rest = SIZE; rest > 0; rest -= PIECE.length) {
    hasher.update(rest < PIECE.length ? PIECE.subarray(0, rest) : PIECE);
  }
  return hasher.digest("hex");
}

const directory = mkdtempSync(join(tmpdir(), "nearfar-large-"));
try {
  const path = join(directory, "zeros");
  writeFileSync(path, "");
  truncateSync(path, SIZE); // A hole: it takes no room on the disk.
  const expected = digestBy(nodeCrypto.createHash("sha256"));
  expectSame(digestBy(createHasher("sha256")), expected, "the digest of pieces");
  let last;
  const onProgress = (progress) => {
    last = progress;
  };
  expectSame(await hashFile("sha256", path, { onProgress }), expected, "the digest of a file");
  expectSame(last.bytes, SIZE, "the bytes hashed");
  console.log(`${SIZE} bytes: ${expected}`);
} finally {
  rmSync(directory, { recursive: true });
}
