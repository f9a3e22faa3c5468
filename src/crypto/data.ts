import { isAnyArrayBuffer } from "node:util/types";
import { ArgumentError, argumentLabel, argumentMessage, EXPECTATIONS } from "../errors/index.js";
import { isDetachedView } from "../internal/detached.js";

/** Bytes, read and written in place. Shared memory must not change during a call. */
export type Bytes = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** What can be hashed and signed. A string stands for its UTF-8, a lone surrogate for U+FFFD. */
export type Data = string | Bytes;

/** Bytes as the backends take them. */
export type View = NodeJS.ArrayBufferView;

/** Data as the backends take it. */
export type Input = string | View;

/**
 * `data` as the backends take it: an ArrayBuffer gets a view. `index` and `name` are those of the
 * argument, `position` that of the element where the argument is an array of data.
 */
export function toInput(data: unknown, index: number, name: string, position?: number): Input {
  if (typeof data === "string" || isView(data)) return data;
  const fullName = position === undefined ? name : `${name}[${position}]`;
  if (isAnyArrayBuffer(data)) return viewOf(data, index, fullName);
  throw new ArgumentError(
    argumentMessage(index, fullName, EXPECTATIONS.data, data),
    "ERR_INVALID_ARG_TYPE",
  );
}

/** As `toInput`, for what cannot be a string. */
export function toView(bytes: unknown, index: number, name: string): View {
  if (isView(bytes)) return bytes;
  if (isAnyArrayBuffer(bytes)) return viewOf(bytes, index, name);
  throw new ArgumentError(
    argumentMessage(index, name, EXPECTATIONS.bytes, bytes),
    "ERR_INVALID_ARG_TYPE",
  );
}

/** Whether a view has lost its memory. */
export function isDetached(data: Input): boolean {
  return typeof data !== "string" && isDetachedView(data);
}

/** For the backends: neither Node-API nor `node:crypto` tells such a view from an empty one. */
export function refuseDetached(data: Input): void {
  if (isDetached(data)) throw new Error("the buffer is detached");
}

export function detachedError(index: number, name: string): ArgumentError {
  const label = argumentLabel(index, name);
  return new ArgumentError(`${label} must be ${EXPECTATIONS.attachedBytes}, got a detached buffer`);
}

/** The bytes of a view, in place. */
export function bytesOf(view: View): Uint8Array {
  return view instanceof Uint8Array
    ? view
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function isView(value: unknown): value is View {
  return ArrayBuffer.isView(value);
}

function viewOf(buffer: ArrayBufferLike, index: number, name: string): Uint8Array {
  try {
    return new Uint8Array(buffer);
  } catch {
    throw detachedError(index, name);
  }
}
