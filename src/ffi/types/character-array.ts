import { EXPECTATIONS } from "../../errors/index.js";
import { writeWhole } from "./array-values.js";
import type { ArrayType } from "./ctype.js";
import { refuseValue } from "./expected.js";
import type { Piece } from "./piece.js";

/** Up to here a loop over ASCII characters beats a call into Node's decoder. */
const SHORT_TEXT = 32;

/**
 * `char[N]`: text in UTF-8, up to the first NUL or the end. Takes a string that fits (the rest is
 * zeroed; a text of exactly N bytes has no NUL), or the bytes themselves.
 */
export function characterArrayPiece(type: ArrayType, list: Piece): Piece {
  const { size } = type;
  return {
    read: (memory, at) => readCharacters(memory, at, size),
    write(memory, at, value, context, path) {
      if (typeof value === "string") {
        if (value.includes("\0")) context.refuse(path, EXPECTATIONS.cString, value);
        const bytes = Buffer.from(value);
        if (bytes.length > size) context.refuse(path, textWords(size), value);
        const target = new Uint8Array(memory.buffer, memory.byteOffset + at, size);
        target.set(bytes);
        target.fill(0, bytes.length);
      } else if (Array.isArray(value)) {
        list.write(memory, at, value, context, path);
      } else if (!writeWhole(memory, at, type, value, context, path)) {
        refuseValue(context, path, type, value);
      }
    },
  };
}

function textWords(size: number): string {
  return `a string of at most ${size} bytes in UTF-8`;
}

function readCharacters(memory: DataView, at: number, size: number): string {
  let text = "";
  let length = 0;
  for (; length < size; length++) {
    const unit = memory.getUint8(at + length);
    if (unit === 0) return text;
    if (unit > 0x7f || length === SHORT_TEXT) break;
    text += String.fromCharCode(unit);
  }
  const bytes = Buffer.from(memory.buffer, memory.byteOffset + at, size);
  const end = bytes.indexOf(0, length);
  return bytes.toString("utf8", 0, end < 0 ? size : end);
}
