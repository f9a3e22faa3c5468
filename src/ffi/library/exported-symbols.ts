import { fs } from "../../internal/file-system.js";

/*
 * The names that an ELF file exports, for the sake of an error message only: System V gABI, chapter
 * 4, "Sections" and "Symbol Table". Of a 64-bit little-endian image, which every one that could be
 * loaded here is.
 */

/** Larger tables are not read; that of node itself has 7 MB with its strings. Bytes. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;

const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
/** `SHT_DYNSYM` */
const DYNAMIC_SYMBOLS = 11;
/** `_Z`, as the Itanium C++ ABI has it. */
const MANGLED = 0x5f5a;

/**
 * The names, either of C or mangled ones of C++; none of a file that is not there, not readable, or
 * of another format. Most names of a file as large as node are mangled, and decoding them takes
 * longest.
 */
export function exportedSymbols(path: string, isMangled: boolean): readonly string[] {
  let file: number | undefined;
  try {
    file = fs.openSync(path, "r");
    return readNames(file, isMangled);
  } catch {
    return [];
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function readNames(file: number, isMangled: boolean): readonly string[] {
  const header = readBytes(file, 0, HEADER_BYTES);
  if (header.readUInt32BE(0) !== 0x7f454c46) return [];
  const start = numberAt(header, 40);
  const count = header.readUInt16LE(60);
  const sections = readBytes(file, start, count * SECTION_BYTES);
  const at = sectionStarts(count).find(
    (offset) => sections.readUInt32LE(offset + 4) === DYNAMIC_SYMBOLS,
  );
  if (at === undefined) return [];
  const symbols = contentOf(file, sections, at);
  const strings = contentOf(file, sections, sections.readUInt32LE(at + 40) * SECTION_BYTES);
  const names: string[] = [];
  for (let offset = 0; offset + SYMBOL_BYTES <= symbols.length; offset += SYMBOL_BYTES) {
    if (!isExported(symbols, offset)) continue;
    const name = symbols.readUInt32LE(offset);
    if ((strings.readUInt16BE(name) === MANGLED) === isMangled) names.push(textAt(strings, name));
  }
  return names;
}

function sectionStarts(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index * SECTION_BYTES);
}

function contentOf(file: number, sections: Buffer, at: number): Buffer {
  return readBytes(file, numberAt(sections, at + 24), numberAt(sections, at + 32));
}

/** Defined here, and neither local nor hidden. */
function isExported(symbols: Buffer, at: number): boolean {
  const isLocal = (symbols[at + 4] ?? 0) >> 4 === 0;
  const visibility = (symbols[at + 5] ?? 0) & 3;
  const isHidden = visibility === 1 || visibility === 2;
  return symbols.readUInt16LE(at + 6) !== 0 && !isLocal && !isHidden;
}

function readBytes(file: number, position: number, length: number): Buffer {
  if (length > MAX_TABLE_BYTES) throw new RangeError("a table of unlikely size");
  const bytes = Buffer.alloc(length);
  if (fs.readSync(file, bytes, 0, length, position) < length) {
    throw new RangeError("a table beyond the end of its file");
  }
  return bytes;
}

function numberAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function textAt(strings: Buffer, at: number): string {
  return strings.toString("latin1", at, strings.indexOf(0, at));
}
