import type { ValueType } from "./types.js";

/**
 * A C type at run time: what the call engine lowers, and what codecs read and write. Size and
 * alignment are in bytes and those of this platform's C compiler.
 */
export type CType =
  | ScalarType
  | EnumType
  | AggregateType
  | ArrayType
  | PointerType
  | FunctionType
  | OpaqueType;

interface TypeBase {
  /** As C writes it, for messages: `struct point`, `int32_t[4]`. */
  readonly name: string;
  /** Equal for types that are marshalled alike; no two others share it. */
  readonly key: string;
  readonly size: number;
  readonly alignment: number;
}

/** A number, a boolean, a pointer without a target type, or a string. `void` has the size 0. */
export interface ScalarType extends TypeBase {
  readonly kind: "scalar";
  readonly value: ValueType;
}

/** An integer with names for some values. Takes a name or a number, gives a number. */
export interface EnumType extends TypeBase {
  readonly kind: "enum";
  readonly value: ValueType;
  readonly members: Readonly<Record<string, number | bigint>>;
}

export interface AggregateType extends TypeBase {
  readonly kind: "struct" | "union";
  readonly fields: readonly Field[];
  /** The largest of its members', before any given to the aggregate as a whole. AAPCS64 asks. */
  readonly naturalAlignment: number;
}

export interface Field {
  /** Undefined for an anonymous struct or union, whose fields are its parent's in JavaScript. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Bytes from the start of the aggregate; for a bit-field, of the unit that holds it. */
  readonly offset: number;
  readonly bits?: BitRange;
}

/** A bit-field's place in its unit of `type.size` bytes, counted from the least significant bit. */
export interface BitRange {
  readonly start: number;
  readonly width: number;
}

/** `length` is undefined for a flexible last member and for `T[]`. */
export interface ArrayType extends TypeBase {
  readonly kind: "array";
  readonly element: CType;
  readonly length: number | undefined;
}

/** Which way what a pointer points to travels when it is copied for a call. */
export type Direction = "in" | "out" | "inout";

export interface PointerType extends TypeBase {
  readonly kind: "pointer";
  /** Resolved late, because a struct may point to itself. */
  readonly target: () => CType;
  readonly direction: Direction;
}

/** A pointer to a function. */
export interface FunctionType extends TypeBase {
  readonly kind: "function";
  readonly result: CType;
  readonly parameters: readonly { readonly name: string | undefined; readonly type: CType }[];
  readonly isVariadic: boolean;
}

/** A type without a definition, such as `FILE`: only pointers to it can be used. */
export interface OpaqueType extends TypeBase {
  readonly kind: "opaque";
}

/**
 * Reads and writes one type in memory. No alignment is required. The same for the frame, for a
 * caller's buffer and for native memory.
 */
export interface Codec {
  /**
   * Checks the value and writes it. Whatever the value is, only its own properties' getters can run
   * other code. Padding is left as it was.
   */
  write(memory: DataView, at: number, value: unknown, context: WriteContext): void;
  read(memory: DataView, at: number): unknown;
}

/** What a codec needs from whoever writes. */
export interface WriteContext {
  /** Throws the error that names the value. `path` is empty, `.x`, `[2]` or `.points[2].x`. */
  refuse(path: string, expected: string, value: unknown): never;
  /**
   * The address of a string's copy or of a buffer's memory that lives as long as what is written;
   * undefined where nothing can keep it alive, and the codec refuses the value.
   */
  addressOf(
    value: string | ArrayBufferView | ArrayBufferLike,
    encoding: TextEncodingName,
  ): bigint | undefined;
}

export type TextEncodingName = "utf8" | "utf16" | "utf32";
