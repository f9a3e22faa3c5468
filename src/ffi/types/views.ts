import { ArgumentError, describeValue, detachedMessage } from "../../errors/index.js";
import { isDetachedView } from "../../internal/detached.js";
import { requireInteger } from "../../internal/options.js";
import { pointerMemory } from "../memory/memory-holder.js";
import { viewOn } from "./codec.js";
import type { CType } from "./ctype.js";
import { isFlexible } from "./type-object.js";

/**
 * Accessors over memory that holds a value of the type from `byteOffset` on: a buffer, a view of
 * one or an allocation; without any, over new memory of zeros. A flexible last member has the rest.
 */
export function viewOver(type: CType, memory?: unknown, byteOffset = 0): object {
  if (memory === undefined) return viewOn(type, new DataView(new ArrayBuffer(type.size)));
  const bytes = requireMemory(memory);
  const last = bytes.byteLength - type.size;
  if (last < 0) {
    throw new ArgumentError(
      `memory must have at least ${type.size} bytes for ${type.name}, got ${bytes.byteLength}`,
    );
  }
  requireInteger(byteOffset, "byteOffset", 0, last);
  const size = endsFlexibly(type) ? bytes.byteLength - byteOffset : type.size;
  return viewOn(type, new DataView(bytes.buffer, bytes.byteOffset + byteOffset, size));
}

/** Whether the type's last member, or the type itself, is an array without a length. */
export function endsFlexibly(type: CType): boolean {
  if (type.kind === "struct") {
    const last = type.fields.at(-1);
    return last !== undefined && isFlexible(last.type);
  }
  return isFlexible(type);
}

/** The bytes that a view, a pointer or an allocation stands for: the memory itself. */
export function bytesOf(value: object): Uint8Array {
  const { buffer, byteOffset, byteLength } = requireMemory(value);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function requireMemory(memory: unknown): ArrayBufferView {
  const held = pointerMemory(memory) ?? memory;
  if (ArrayBuffer.isView(held)) {
    if (isDetachedView(held)) throw new ArgumentError(detachedMessage("memory"));
    return held;
  }
  if (held instanceof ArrayBuffer || held instanceof SharedArrayBuffer) {
    try {
      return new DataView(held);
    } catch {
      throw new ArgumentError(detachedMessage("memory"));
    }
  }
  throw new ArgumentError(
    `memory must be a buffer, a view of one or an allocation, got ${describeValue(memory)}`,
    "ERR_INVALID_ARG_TYPE",
  );
}
