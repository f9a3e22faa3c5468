import type { NativeBinding } from "../../internal/binding.js";

/**
 * The call frame of this environment as JavaScript sees it: one view per element type over the same
 * memory, and a bump allocator over its scratch space. Strings live there for one call.
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
  /** Indexes in `u32`. */
  readonly planIndex: number;
  readonly viewMaskIndex: number;
  /** Native code says here why it did not make a call; 0 otherwise. */
  readonly statusIndex: number;
  /** Calls that use scratch space save `top` before and put it back after. */
  readonly scratch: { top: number; readonly end: number };
  /** Copies a string into scratch space and its address into the slot at byte `offset`. */
  writeText(text: string, offset: number): TextOutcome;
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

export function createFrame(binding: NativeBinding): Frame {
  const memory = binding.frame;
  const u8 = new Uint8Array(memory);
  const u32 = new Uint32Array(memory);
  const encoder = Buffer.from(memory);
  const scratch = { top: binding.frameLayout.scratch, end: memory.byteLength };
  // The frame does not cross a 4 GiB boundary, so the high half of an address never changes.
  const baseLow = Number(binding.frameAddress & 0xffffffffn);
  const high = Number(binding.frameAddress >> 32n);

  function place(offset: number, start: number, length: number): typeof TEXT_WRITTEN {
    u8[start + length] = 0;
    u32[offset >> 2] = baseLow + start;
    u32[(offset >> 2) + 1] = high;
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
    if (start + length * UTF8_BYTES_PER_UNIT >= scratch.end) return Buffer.from(`${text}\0`);
    return place(offset, start, encoder.write(text, start, "utf8"));
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
    planIndex: binding.frameLayout.plan >> 2,
    viewMaskIndex: binding.frameLayout.viewMask >> 2,
    statusIndex: binding.frameLayout.status >> 2,
    scratch,
    writeText,
  };
}
