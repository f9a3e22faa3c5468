import { fs } from "./file-system.js";

/** Headers of programs and libraries, and what they name, are within so many bytes. */
const HEAD_BYTES = 4096;

/** The first bytes of a file. Undefined if it is absent, a directory, or not ours to read. */
export function readHead(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = fs.openSync(path, "r");
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, fs.readSync(file, head));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}
