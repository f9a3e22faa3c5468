import { constants } from "node:buffer";
import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import type { TextEncodingName } from "../types/ctype.js";

/** Reads NUL-terminated text at an address; null at the null pointer. */
export type TextReader = (address: bigint, encoding: TextEncodingName) => string | null;

const { MAX_STRING_LENGTH } = constants;

/**
 * The smallest page of the systems there are: memory is mapped or not in units of at least this.
 */
const PAGE = 4096;

const UNITS = { utf16: Uint16Array, utf32: Uint32Array } as const;

export function createTextReader(binding: NativeBinding): TextReader {
  return (address, encoding) => {
    if (address === 0n) return null;
    if (encoding === "utf8") return binding.readString(address) ?? refuseLength();
    const bytes = readUnits(binding, address, UNITS[encoding]);
    if (bytes.length / UNITS[encoding].BYTES_PER_ELEMENT > MAX_STRING_LENGTH) refuseLength();
    return encoding === "utf16" ? bytes.toString("utf16le") : decodeUtf32(bytes);
  };
}

function refuseLength(): never {
  throw new NativeError(
    "ERR_STRING_TOO_LONG",
    `the text is longer than ${MAX_STRING_LENGTH} characters, the most that a string can have`,
  );
}

/**
 * The bytes before a unit of zero. Nothing says how long the text is, so it is read up to the end
 * of each page at most: the next one may not be there.
 */
function readUnits(
  binding: NativeBinding,
  address: bigint,
  Units: (typeof UNITS)[keyof typeof UNITS],
): Buffer {
  const unit = Units.BYTES_PER_ELEMENT;
  const parts: Uint8Array[] = [];
  for (let at = address; ; ) {
    const left = PAGE - Number(at % BigInt(PAGE));
    const part = new Units(Math.max(Math.floor(left / unit), 1));
    binding.copyFrom(at, part);
    const end = part.indexOf(0);
    parts.push(new Uint8Array(part.buffer, 0, end < 0 ? part.byteLength : end * unit));
    if (end >= 0) return Buffer.concat(parts);
    at += BigInt(part.byteLength);
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
