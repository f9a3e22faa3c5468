import { readHead } from "./file-head.js";

/**
 * The C library of a process on Linux. A binary for one does not load, or crashes, in the other.
 */
export type Libc = "glibc" | "musl";

let known: Libc | undefined;

/** The C library of this process; undefined where it is no question: not on Linux. */
export function currentLibc(): Libc | undefined {
  if (process.platform !== "linux") return undefined;
  known ??= findLibc();
  return known;
}

function findLibc(): Libc {
  // The program's own loader decides, and not the distribution: Alpine can have programs for glibc
  // and others musl, and containers made from scratch have no /etc/alpine-release.
  const loader = interpreterOf(process.execPath);
  return loader === undefined ? reportedLibc() : libcOfLoader(loader);
}

/** `/lib/ld-musl-x86_64.so.1` is musl's; everything else (`ld-linux-x86-64.so.2`) is glibc's. */
export function libcOfLoader(path: string): Libc {
  return path.slice(path.lastIndexOf("/") + 1).startsWith("ld-musl-") ? "musl" : "glibc";
}

/**
 * The report knows glibc's version and has none with musl. It takes milliseconds, and remains where
 * the program cannot be read, as under the permission model, or has no loader.
 */
function reportedLibc(): Libc {
  return glibcVersion() === undefined ? "musl" : "glibc";
}

/** `2.36`; undefined without glibc. Takes milliseconds. */
export function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}

const PT_INTERP = 3;

/**
 * The dynamic loader that an ELF program of 64 bits, little-endian, asks for. Undefined for another
 * kind of file, one that has none, and one that cannot be read. (System V gABI, chapters 4 and 5.)
 */
export function interpreterOf(program: string): string | undefined {
  const head = readHead(program);
  if (head === undefined || head.length < 64) return undefined;
  const isElf64 = head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
  if (!isElf64) return undefined;
  const start = Number(head.readBigUInt64LE(32));
  const entryBytes = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const entry = start + index * entryBytes;
    if (entry + 56 > head.length) return undefined;
    if (head.readUInt32LE(entry) === PT_INTERP) {
      const offset = Number(head.readBigUInt64LE(entry + 8));
      const bytes = Number(head.readBigUInt64LE(entry + 32));
      if (bytes < 2 || offset + bytes > head.length) return undefined;
      return head.toString("latin1", offset, offset + bytes - 1); // Without its NUL.
    }
  }
  return undefined;
}
