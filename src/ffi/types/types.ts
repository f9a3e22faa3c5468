import type { NativeBinding } from "../../internal/binding.js";
import { loadNative } from "../../internal/loader.js";

/**
 * How one C value is checked, stored in the frame and read back. Two vocabularies lead here: the
 * type names of `node:ffi` (see NODE_TYPES) and C declarations (see declaration.ts).
 *
 * - `flag`: node:ffi's `bool`, an unsigned byte that also takes true and false
 * - `bool`: C's `bool`, strictly true or false
 * - `long`, `ulong`: the width of the platform's C `long`, always a bigint in JavaScript
 * - `size`: `size_t` as a number, checked to be a safe integer
 * - `pointer`: an address, null, memory (a view or buffer) or a string that is copied for the call
 * - `text`: a NUL-terminated UTF-8 string; `nullableText` also takes and gives null
 * - `text16`, `text32`: the same in UTF-16 and UTF-32, null taken and given
 * - `extended`: C's `long double` where it is the x87's 80 bits in 16 bytes
 */
export type ValueType =
  | "void"
  | "bool"
  | "flag"
  | "char"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "long"
  | "ulong"
  | "size"
  | "float32"
  | "float64"
  | "pointer"
  | "text"
  | "nullableText"
  | "text16"
  | "text32"
  | "extended";

/** A type of the native engine, as `native/core/types.cpp` names it. */
type NativeType = keyof NativeBinding["types"] & string;

/** C's long has 64 bits (LP64), but 32 on Windows (LLP64). */
export const longIsWide = process.platform !== "win32";

/** The scalar that carries each value type across. */
export const NATIVE_TYPES = {
  void: "void",
  bool: "bool",
  flag: "uint8",
  char: "char",
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  uint64: "uint64",
  long: longIsWide ? "int64" : "int32",
  ulong: longIsWide ? "uint64" : "uint32",
  size: "uint64",
  float32: "float32",
  float64: "float64",
  pointer: "pointer",
  text: "pointer",
  nullableText: "pointer",
  text16: "pointer",
  text32: "pointer",
  extended: "extended",
} as const satisfies Record<ValueType, NativeType>;

/** The type names of `node:ffi`, with its alternative spellings. */
export const NODE_TYPES = {
  void: "void",
  bool: "flag",
  char: "char",
  int8: "int8",
  i8: "int8",
  uint8: "uint8",
  u8: "uint8",
  int16: "int16",
  i16: "int16",
  uint16: "uint16",
  u16: "uint16",
  int32: "int32",
  i32: "int32",
  uint32: "uint32",
  u32: "uint32",
  int64: "int64",
  i64: "int64",
  uint64: "uint64",
  u64: "uint64",
  size: "size",
  float32: "float32",
  f32: "float32",
  float: "float32",
  float64: "float64",
  f64: "float64",
  double: "float64",
  pointer: "pointer",
  ptr: "pointer",
  string: "pointer",
  str: "pointer",
  buffer: "pointer",
  arraybuffer: "pointer",
  function: "pointer",
} as const satisfies Record<string, ValueType>;

/** A type name in a signature object. */
export type TypeName = keyof typeof NODE_TYPES;

/** `ffi.types` of `node:ffi`: its type names as constants. */
export const types = Object.freeze({
  VOID: "void",
  POINTER: "pointer",
  BUFFER: "buffer",
  ARRAY_BUFFER: "arraybuffer",
  FUNCTION: "function",
  BOOL: "bool",
  CHAR: "char",
  STRING: "string",
  FLOAT: "float",
  DOUBLE: "double",
  INT_8: "int8",
  UINT_8: "uint8",
  INT_16: "int16",
  UINT_16: "uint16",
  INT_32: "int32",
  UINT_32: "uint32",
  INT_64: "int64",
  UINT_64: "uint64",
  FLOAT_32: "float32",
  FLOAT_64: "float64",
} as const satisfies Record<string, TypeName>);

/**
 * Whether C's plain `char` is signed here: the binary knows; without one, the platform's ABI says
 * (unsigned on AArch64 Linux by AAPCS64, signed on x86 and on Apple's and Microsoft's AArch64).
 */
function charIsSigned(): boolean {
  const known = loadNative().binding?.types.char?.signed;
  return known ?? !(process.arch === "arm64" && process.platform === "linux");
}

/** `char` is one of two integer types, by platform; the others are themselves. */
export function concreteType(type: ValueType): Exclude<ValueType, "char"> {
  if (type !== "char") return type;
  return charIsSigned() ? "int8" : "uint8";
}

/** The file name ending of shared libraries here: `so`, `dylib` or `dll`. */
export const suffix: "so" | "dylib" | "dll" =
  process.platform === "win32" ? "dll" : process.platform === "darwin" ? "dylib" : "so";
