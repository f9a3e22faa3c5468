import { dirname, isAbsolute, join } from "node:path";
import { fs } from "../../internal/file-system.js";
import { isBareName, standardDirectories } from "./search.js";

/*
 * Which library links another: glibc's loader names what is missing and not who wanted it. Read
 * from the dynamic sections of the files, for the sake of an error message only: System V gABI,
 * chapter 5.
 */

/**
 * The file that links `missing`: the library itself, or one that it links, directly or not.
 * Undefined if none of those that are found does.
 */
export function findDependent(path: string, missing: string): string | undefined {
  const first = locateLibrary(path, []);
  const files = first === undefined ? [] : [first];
  // The list grows while it is walked.
  for (const file of files) {
    const { needed, directories } = readDynamic(file);
    if (needed.includes(missing)) return file;
    for (const name of needed) {
      const found = locateLibrary(name, directories);
      if (found !== undefined && !files.includes(found) && files.length < MAX_FILES) {
        files.push(found);
      }
    }
  }
  return undefined;
}

/** A library that links more than this is not searched to the end. */
const MAX_FILES = 200;

/** Larger files are not read for the sake of an error message. Bytes. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The file of a library that is named by a path, or that these or the system's directories have.
 */
export function locateLibrary(name: string, directories: readonly string[]): string | undefined {
  if (!isBareName(name)) return fs.existsSync(name) ? name : undefined;
  return [...directories, ...standardDirectories()]
    .map((directory) => join(directory, name))
    .find((file) => fs.existsSync(file));
}

interface Dynamic {
  /** Names of the libraries that it links. */
  readonly needed: readonly string[];
  /** Where to look for them before the system's directories. */
  readonly directories: readonly string[];
}

const NOTHING: Dynamic = { needed: [], directories: [] };

const LOAD = 1;
const DYNAMIC = 2;
const NEEDED = 1;
const STRING_TABLE = 5;
const RPATH = 15;
const RUNPATH = 29;

/** Of a 64-bit little-endian image, which every one that could be loaded here is. */
function readDynamic(file: string): Dynamic {
  try {
    if (fs.statSync(file).size > MAX_FILE_BYTES) return NOTHING;
    return parseDynamic(fs.readFileSync(file), dirname(file));
  } catch {
    return NOTHING; // Not readable, or not what its headers say.
  }
}

function parseDynamic(image: Buffer, origin: string): Dynamic {
  const segments = readSegments(image);
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (dynamic === undefined) return NOTHING;
  const entries: { tag: number; value: number }[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    entries.push({ tag: numberAt(image, at), value: numberAt(image, at + 8) });
  }
  const table = entries.find(({ tag }) => tag === STRING_TABLE)?.value ?? 0;
  const holder = segments.find(
    ({ type, address, size }) => type === LOAD && table >= address && table < address + size,
  );
  if (holder === undefined) return NOTHING;
  const strings = holder.offset + table - holder.address;
  const textsOf = (...tags: readonly number[]) =>
    entries
      .filter(({ tag }) => tags.includes(tag))
      .map(({ value }) => textAt(image, strings + value));
  return {
    needed: textsOf(NEEDED),
    directories: textsOf(RPATH, RUNPATH)
      .flatMap((list) => list.split(":"))
      .map((directory) => directory.replace(/\$ORIGIN|\$\{ORIGIN\}/g, origin))
      .filter(isAbsolute),
  };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function readSegments(image: Buffer): Segment[] {
  const start = numberAt(image, 32);
  const step = image.readUInt16LE(54);
  return Array.from({ length: image.readUInt16LE(56) }, (_, index) => {
    const at = start + index * step;
    return {
      type: image.readUInt32LE(at),
      offset: numberAt(image, at + 8),
      address: numberAt(image, at + 16),
      size: numberAt(image, at + 32),
    };
  });
}

function numberAt(image: Buffer, at: number): number {
  return Number(image.readBigUInt64LE(at));
}

function textAt(image: Buffer, at: number): string {
  return image.toString("utf8", at, image.indexOf(0, at));
}
