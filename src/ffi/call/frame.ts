import type { NativeBinding } from "../../internal/binding.js";
import type { TextEncodingName } from "../types/ctype.js";

/**
 * The call frame of this environment as JavaScript sees it: one view per element type over the same
 * memory, and a bump allocator over its scratch space, where strings and structs live for one call.
 */
export interface Frame {
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly view: DataView;
  /** Indexes in `u32` and `i32`: see Frame in native/addon/environment.h. */
  readonly planIndex: number;
  readonly viewMaskIndex: number;
  readonly statusIndex: number;
  readonly depthIndex: number;
  readonly errorIndex: number;
  readonly jobIndex: number;
  readonly liveIndex: number;
  /** Calls that use scratch space save `top` before and put it back after. */
  readonly scratch: Scratch;
  /**
   * Stores a safe integer of at least `least` as 64 bits at an index of `u32`; false for any other
   * value.
   */
  storeSafe(index: number, value: unknown, least: number): boolean;
  /**
   * `size` bytes of scratch space, at least eight-byte aligned, or -1 if there is no room: the
   * caller then uses memory of its own.
   */
  reserve(size: number, alignment: number): number;
  /** Stores the address of scratch memory into the slot at byte `offset`. */
  point(offset: number, start: number): void;
  /** The address of scratch memory. */
  addressOf(start: number): bigint;
  /** Copies a string into scratch space and its address into the slot at byte `offset`. */
  writeText(text: string, offset: number): TextOutcome;
  /** As `writeText`, in UTF-16 or UTF-32. */
  writeWideText(text: string, offset: number, encoding: TextEncodingName): TextOutcome;
}

export interface Scratch {
  top: number;
  /**
   * 0 while an asynchronous call is prepared: its memory must outlive the frame's use by others.
   */
  end: number;
  /** What calls in progress hold until they return: memory of their own, and callbacks. */
  readonly held: unknown[];
}

/**
 * - `TEXT_WRITTEN`: the slot holds the address of the copy
 * - `TEXT_HAS_NUL`: refused, C would see a shorter string
 * - a view: too long for the scratch space; the copy to pass instead
 */
export type TextOutcome = typeof TEXT_WRITTEN | typeof TEXT_HAS_NUL | Uint8Array;
export const TEXT_WRITTEN = 0;
export const TEXT_HAS_NUL = 1;

/**
 * Up to here a loop over the characters beats a call into Node's encoder (measured: 13 ASCII
 * characters 16 ns against 45 ns; even at about 48).
 */
const SHORT_TEXT = 48;

/** The longest UTF-8 sequence that one UTF-16 code unit can need, in bytes. */
const UTF8_BYTES_PER_UNIT = 3;

/** Every register is copied from staged values in whole words. */
const WORD = 8;

export function createFrame(binding: NativeBinding): Frame {
  const memory = binding.frame;
  const { frameLayout } = binding;
  const u8 = new Uint8Array(memory);
  const u32 = new Uint32Array(memory);
  const encoder = Buffer.from(memory);
  const scratch: Scratch = { top: frameLayout.scratch, end: memory.byteLength, held: [] };
  // The frame does not cross a 4 GiB boundary, so the high half of an address never changes.
  const baseLow = Number(binding.frameAddress & 0xffffffffn);
  const high = Number(binding.frameAddress >> 32n);

  function storeSafe(index: number, value: unknown, least: number): boolean {
    if (!isSafeInteger(value) || value < least) return false;
    u32[index] = value; // ToUint32 keeps the low half of a negative number, too.
    u32[index + 1] = Math.floor(value / 0x1_0000_0000);
    return true;
  }

  function point(offset: number, start: number): void {
    u32[offset >> 2] = baseLow + start;
    u32[(offset >> 2) + 1] = high;
  }

  function reserve(size: number, alignment: number): number {
    const unit = Math.max(alignment, WORD);
    const past = (baseLow + scratch.top) % unit;
    const start = past === 0 ? scratch.top : scratch.top + unit - past;
    const end = start + Math.ceil(size / WORD) * WORD;
    if (end > scratch.end) return -1;
    scratch.top = end;
    return start;
  }

  function place(offset: number, start: number, length: number): typeof TEXT_WRITTEN {
    u8[start + length] = 0;
    point(offset, start);
    scratch.top = start + length + 1;
    return TEXT_WRITTEN;
  }

  function writeText(text: string, offset: number): TextOutcome {
    const start = scratch.top;
    const length = text.length;
    if (length <= SHORT_TEXT && start + length < scratch.end) {
      let index = 0;
      for (; index < length; index++) {
        const unit = text.charCodeAt(index);
        if (unit === 0 || unit > 0x7f) break;
        u8[start + index] = unit;
      }
      if (index === length) return place(offset, start, length);
    }
    if (text.includes("\0")) return TEXT_HAS_NUL;
    if (start + length * UTF8_BYTES_PER_UNIT >= scratch.end) return encodeText(text, "utf8");
    return place(offset, start, encoder.write(text, start, "utf8"));
  }

  function writeWideText(text: string, offset: number, encoding: TextEncodingName): TextOutcome {
    if (text.includes("\0")) return TEXT_HAS_NUL;
    const bytes = encodeText(text, encoding);
    const start = reserve(bytes.byteLength, WORD);
    if (start < 0) return bytes;
    u8.set(bytes, start);
    point(offset, start);
    return TEXT_WRITTEN;
  }

  return {
    i8: new Int8Array(memory),
    u8,
    i16: new Int16Array(memory),
    u16: new Uint16Array(memory),
    i32: new Int32Array(memory),
    u32,
    i64: new BigInt64Array(memory),
    u64: new BigUint64Array(memory),
    f32: new Float32Array(memory),
    f64: new Float64Array(memory),
    view: new DataView(memory),
    planIndex: frameLayout.plan >> 2,
    viewMaskIndex: frameLayout.viewMask >> 2,
    statusIndex: frameLayout.status >> 2,
    depthIndex: frameLayout.depth >> 2,
    errorIndex: frameLayout.errorNumber >> 2,
    jobIndex: frameLayout.job >> 2,
    liveIndex: frameLayout.liveCallbacks >> 2,
    scratch,
    storeSafe,
    reserve,
    point,
    addressOf: (start) => binding.frameAddress + BigInt(start),
    writeText,
    writeWideText,
  };
}

function isSafeInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/**
 * A NUL-terminated copy. UTF-16 keeps lone surrogates as they are; the others turn them into
 * U+FFFD.
 */
export function encodeText(text: string, encoding: TextEncodingName): Uint8Array {
  if (encoding === "utf32") return encodeUtf32(text);
  // The longest string there is has no room for a NUL of its own.
  const name = encoding === "utf8" ? "utf8" : "utf16le";
  const length = Buffer.byteLength(text, name);
  const bytes = Buffer.allocUnsafe(length + (encoding === "utf8" ? 1 : 2));
  bytes.write(text, name);
  return bytes.fill(0, length);
}

function encodeUtf32(text: string): Uint8Array {
  const points = Uint32Array.from(`${text}\0`, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
  });
  return new Uint8Array(points.buffer);
}
