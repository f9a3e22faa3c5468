import { isAnyArrayBuffer } from "node:util/types";
import { textReaderOf } from "../call/text-source.js";
import { pointerMemory } from "../memory/memory-holder.js";
import type { CType, TextEncodingName, WriteContext } from "./ctype.js";
import { refuseValue } from "./expected.js";
import type { Piece } from "./piece.js";

/** A pointer in memory: reads as its address. */
export function pointerPiece(type: CType): Piece {
  return {
    read: (memory, at) => memory.getBigUint64(at, true),
    write(memory, at, value, context, path) {
      const address = addressFrom(value, context);
      if (address === undefined) refuseValue(context, path, type, value);
      memory.setBigUint64(at, address, true);
    },
  };
}

/** A function pointer takes addresses only: nothing says how long a function would have to live. */
export function functionPiece(type: CType): Piece {
  return {
    read: (memory, at) => memory.getBigUint64(at, true),
    write(memory, at, value, context, path) {
      const address = value === null ? 0n : value;
      if (!isAddress(address)) refuseValue(context, path, type, value);
      memory.setBigUint64(at, address, true);
    },
  };
}

/** A pointer to NUL-terminated text: reads as the string, or null. */
export function textPiece(type: CType, encoding: TextEncodingName): Piece {
  return {
    read: (memory, at) => textReaderOf(memory, at)(memory.getBigUint64(at, true), encoding),
    write(memory, at, value, context, path) {
      const isText = typeof value === "string" && !value.includes("\0");
      const address = isText ? context.addressOf(value, encoding) : plainAddress(value, context);
      if (address === undefined) refuseValue(context, path, type, value);
      memory.setBigUint64(at, address, true);
    },
  };
}

function addressFrom(value: unknown, context: WriteContext): bigint | undefined {
  if (typeof value === "string") {
    return value.includes("\0") ? undefined : context.addressOf(value, "utf8");
  }
  if (ArrayBuffer.isView(value) || isAnyArrayBuffer(value)) return context.addressOf(value, "utf8");
  return plainAddress(value, context);
}

/** The address that a value is, or that a pointer, an allocation or a view stands for. */
function plainAddress(value: unknown, context: WriteContext): bigint | undefined {
  if (value === null) return 0n;
  if (isAddress(value)) return value;
  const held = pointerMemory(value);
  return held === undefined || typeof held === "bigint" ? held : context.addressOf(held, "utf8");
}

function isAddress(value: unknown): value is bigint {
  return typeof value === "bigint" && BigInt.asUintN(64, value) === value;
}
