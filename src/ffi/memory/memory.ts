import { ArgumentError, describeValue, EXPECTATIONS, NativeError } from "../../errors/index.js";
import { type Engine, requireEngine } from "../call/engine.js";
import type { Memory } from "../types/value-types.js";

/*
 * Memory by address, as in `node:ffi`. Addresses are not and cannot be checked beyond the null
 * pointer: a wrong one reads or writes other memory, or ends the process.
 */

/** The NUL-terminated UTF-8 text at an address; null for the null pointer. */
export function readString(pointer: bigint): string | null {
  requireAddress(pointer, "pointer");
  return requireEngine().readText(pointer, "utf8");
}

/** `length` bytes at an address: a copy, or, with `copy: false`, the memory itself. */
export function toBuffer(pointer: bigint, length: number, copy = true): Buffer {
  return Buffer.from(toArrayBuffer(pointer, length, copy));
}

/**
 * `length` bytes at an address: a copy, or, with `copy: false`, the memory itself, which must then
 * outlive the ArrayBuffer. Throws where the runtime has no external buffers (Electron).
 */
export function toArrayBuffer(pointer: bigint, length: number, copy = true): ArrayBuffer {
  requireAddress(pointer, "pointer");
  requireLength(length);
  if (length === 0) return new ArrayBuffer(0);
  const { binding } = requireReadable(pointer);
  if (!copy) return binding.viewMemory(pointer, length);
  const target = new ArrayBuffer(length);
  binding.copyFrom(pointer, new Uint8Array(target));
  return target;
}

/**
 * Writes a string and its terminating NUL (two bytes of it in UTF-16) to memory of `length` bytes.
 */
export function exportString(
  text: string,
  pointer: bigint,
  length: number,
  encoding: BufferEncoding = "utf8",
): void {
  if (typeof text !== "string") {
    throw wrongType("string", "a string", text);
  }
  if (typeof encoding !== "string") throw wrongType("encoding", "a string", encoding);
  if (!Buffer.isEncoding(encoding)) {
    const message = `encoding must be one that Buffer knows, got ${JSON.stringify(encoding)}`;
    throw new ArgumentError(message, "ERR_UNKNOWN_ENCODING");
  }
  const isWide = ["utf16le", "utf-16le", "ucs2", "ucs-2"].includes(encoding.toLowerCase());
  const terminator = new Uint8Array(isWide ? 2 : 1);
  copyOut(Buffer.concat([Buffer.from(text, encoding), terminator]), pointer, length);
}

/** Writes a Buffer's bytes to memory of `length` bytes. */
export function exportBuffer(buffer: Buffer, pointer: bigint, length: number): void {
  if (!Buffer.isBuffer(buffer)) throw wrongType("buffer", "a Buffer", buffer);
  copyOut(buffer, pointer, length);
}

/** Writes an ArrayBuffer's bytes to memory of `length` bytes. */
export function exportArrayBuffer(buffer: ArrayBuffer, pointer: bigint, length: number): void {
  if (!(buffer instanceof ArrayBuffer)) throw wrongType("arrayBuffer", "an ArrayBuffer", buffer);
  copyOut(new Uint8Array(buffer), pointer, length);
}

/** Writes a view's bytes to memory of `length` bytes. */
export function exportArrayBufferView(
  view: ArrayBufferView,
  pointer: bigint,
  length: number,
): void {
  if (!ArrayBuffer.isView(view)) throw wrongType("arrayBufferView", "an ArrayBufferView", view);
  copyOut(view, pointer, length);
}

/**
 * The address of a buffer's memory. It stays valid while the buffer is reachable and neither
 * detached nor resized; keeping it reachable is the caller's duty.
 */
export function getRawPointer(source: Memory): bigint {
  const engine = requireEngine();
  const view = ArrayBuffer.isView(source) ? source : engine.viewOf(source);
  const address = view && engine.addressOf(view);
  if (address !== undefined) return address;
  const isBuffer = source instanceof ArrayBuffer || ArrayBuffer.isView(source);
  throw isBuffer
    ? new ArgumentError("source is a detached buffer")
    : wrongType("source", EXPECTATIONS.bytes, source);
}

/**
 * The address of this thread's `uv_loop_t`, for C code that takes one. It is valid as long as this
 * thread's JavaScript environment, and only to be used on this thread.
 */
export function getCurrentEventLoop(): bigint {
  return requireEngine().binding.currentEventLoop();
}

/** Throws unless the value is a bigint that a pointer can hold. */
export function requireAddress(value: unknown, name: string): asserts value is bigint {
  if (typeof value !== "bigint") throw wrongType(name, "a bigint", value);
  if (BigInt.asUintN(64, value) !== value) {
    throw new ArgumentError(`${name} must be an address from 0 to 2^64 - 1, got ${value}n`);
  }
}

/** The engine, unless the pointer is null. */
export function requireReadable(pointer: bigint): Engine {
  if (pointer === 0n) {
    throw new NativeError("ERR_FFI_INVALID_POINTER", "Cannot dereference a null pointer");
  }
  return requireEngine();
}

function requireLength(length: unknown): asserts length is number {
  if (typeof length !== "number") throw wrongType("length", "a number of bytes", length);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new ArgumentError(`length must be a non-negative integer, got ${describeValue(length)}`);
  }
}

function copyOut(source: ArrayBufferView, pointer: bigint, length: number): void {
  requireAddress(pointer, "pointer");
  if (typeof length !== "number") throw wrongType("length", "a number of bytes", length);
  if (!Number.isSafeInteger(length) || length < source.byteLength) {
    const error = new RangeError(
      `length must be an integer of at least ${source.byteLength}, the bytes to write, got ${length}`,
    );
    throw Object.assign(error, { code: "ERR_OUT_OF_RANGE" });
  }
  requireReadable(pointer).binding.copyTo(pointer, source);
}

function wrongType(name: string, expected: string, value: unknown): ArgumentError {
  const message = `${name} must be ${expected}, got ${describeValue(value)}`;
  return new ArgumentError(message, "ERR_INVALID_ARG_TYPE");
}
