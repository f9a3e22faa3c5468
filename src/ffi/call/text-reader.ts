import type { NativeBinding } from "../../internal/binding.js";
import type { TextEncodingName } from "../types/ctype.js";

/** Reads NUL-terminated text at an address; null at the null pointer. */
export type TextReader = (address: bigint, encoding: TextEncodingName) => string | null;

/** The smallest page of the systems there are: memory is mapped or not in units of at least this. */
const PAGE = 4096;

const UNIT_BYTES = { utf16: 2, utf32: 4 } as const;

export function createTextReader(binding: NativeBinding): TextReader {
  return (address, encoding) => {
    if (address === 0n) return null;
    if (encoding === "utf8") return binding.readString(address);
    const bytes = readUnits(binding, address, UNIT_BYTES[encoding]);
    return encoding === "utf16" ? bytes.toString("utf16le") : decodeUtf32(bytes);
  };
}

/**
 * The bytes before a unit of zero. Nothing says how long the text is, so it is read up to the end of
 * each page at most: the next one may not be there.
 */
function readUnits(binding: NativeBinding, address: bigint, unit: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = address; ; ) {
    const left = PAGE - Number(at % BigInt(PAGE));
    const part = Buffer.alloc(left < unit ? unit : left - (left % unit));
    binding.copyFrom(at, part);
    for (let index = 0; index < part.length; index += unit) {
      if (part.readUIntLE(index, unit) !== 0) continue;
      parts.push(part.subarray(0, index));
      return Buffer.concat(parts);
    }
    parts.push(part);
    at += BigInt(part.length);
  }
}

/** Units that are no code point become U+FFFD. */
function decodeUtf32(bytes: Buffer): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 4) {
    const point = bytes.readUInt32LE(index);
    const isScalar = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    text += isScalar ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}
