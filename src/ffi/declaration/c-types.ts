import type { ValueType } from "../types/types.js";

const isWindows = process.platform === "win32";

/** `wchar_t` by platform: UTF-16 units on Windows, unsigned by AAPCS64, otherwise signed. */
const WIDE_CHARACTER = isWindows
  ? "uint16"
  : process.arch === "arm64" && process.platform === "linux"
    ? "uint32"
    : "int32";

/**
 * The C types known without a declaration, without qualifiers. Widths are those of the LP64 and
 * LLP64 data models. Multi-word types stand here in the order that `canonicalName` gives and in the
 * others that are in use.
 */
export const C_TYPES = {
  void: "void",
  bool: "bool",
  _Bool: "bool",
  char: "char",
  "signed char": "int8",
  "unsigned char": "uint8",
  short: "int16",
  "short int": "int16",
  "signed short": "int16",
  "signed short int": "int16",
  "unsigned short": "uint16",
  "unsigned short int": "uint16",
  "short unsigned int": "uint16",
  int: "int32",
  signed: "int32",
  "signed int": "int32",
  unsigned: "uint32",
  "unsigned int": "uint32",
  long: "long",
  "long int": "long",
  "signed long": "long",
  "signed long int": "long",
  "unsigned long": "ulong",
  "unsigned long int": "ulong",
  "long unsigned": "ulong",
  "long unsigned int": "ulong",
  "long long": "int64",
  "long long int": "int64",
  "signed long long": "int64",
  "signed long long int": "int64",
  "unsigned long long": "uint64",
  "unsigned long long int": "uint64",
  "long long unsigned": "uint64",
  "long long unsigned int": "uint64",
  float: "float32",
  double: "float64",
  int8_t: "int8",
  uint8_t: "uint8",
  int16_t: "int16",
  uint16_t: "uint16",
  int32_t: "int32",
  uint32_t: "uint32",
  int64_t: "int64",
  uint64_t: "uint64",
  intmax_t: "int64",
  uintmax_t: "uint64",
  size_t: "size",
  ssize_t: "int64",
  ptrdiff_t: "int64",
  intptr_t: "int64",
  uintptr_t: "uint64",
  wchar_t: WIDE_CHARACTER,
  char8_t: "uint8",
  char16_t: "uint16",
  char32_t: "uint32",
  wint_t: isWindows ? "uint16" : process.platform === "darwin" ? "int32" : "uint32",
  time_t: "int64",
  off_t: "long",
  pid_t: "int32",
  uid_t: "uint32",
  gid_t: "uint32",
  socklen_t: isWindows ? "int32" : "uint32",
} as const satisfies Record<string, ValueType>;

/** Pointers to constant characters of these types are NUL-terminated text. */
export const TEXT_TYPES: Readonly<Record<string, TextType>> = Object.freeze({
  __proto__: null,
  char: "text",
  char16_t: "text16",
  char32_t: "text32",
  wchar_t: isWindows ? "text16" : "text32",
} as unknown as Record<string, TextType>);

export type TextType = "text" | "text16" | "text32";

/** The words that make up arithmetic types; each may stand at any place among the others. */
export const BASIC_WORDS: ReadonlyMap<string, BasicWord> = new Map([
  ...(["void", "char", "short", "int", "long", "float", "double"] as const).map(asItself),
  ...(["signed", "unsigned", "_Complex"] as const).map(asItself),
  ["_Bool", "bool"],
  ["__signed", "signed"],
  ["__signed__", "signed"],
  ["__complex__", "_Complex"],
  ["__int8", "char"],
  ["__int16", "short"],
  ["__int32", "int"],
  ["__int64", "long long"],
]);

export type BasicWord =
  | "void"
  | "char"
  | "short"
  | "int"
  | "long"
  | "long long"
  | "float"
  | "double"
  | "bool"
  | "signed"
  | "unsigned"
  | "_Complex";

function asItself<const W extends BasicWord>(word: W): [W, W] {
  return [word, word];
}

/** The order of the words in the names of C_TYPES. */
const WORD_ORDER: readonly BasicWord[] = [
  "_Complex",
  "unsigned",
  "signed",
  "short",
  "long",
  "long long",
  "void",
  "bool",
  "char",
  "int",
  "float",
  "double",
];

/**
 * The name in C_TYPES of an arithmetic type given as words in any order (C11 6.7.2), such as
 * `unsigned long long int` for `long unsigned int long`. Words that do not go together give a name
 * that is not there.
 */
export function canonicalName(words: readonly BasicWord[]): string {
  if (words.length === 1) return words[0] ?? "";
  const rank = (word: BasicWord) => WORD_ORDER.indexOf(word);
  return words.toSorted((a, b) => rank(a) - rank(b)).join(" ");
}

/** Types of C that the call engine has no registers or values for, and how errors call them. */
export const UNSUPPORTED_TYPES: ReadonlySet<string> = new Set([
  "__int128",
  "__int128_t",
  "__uint128_t",
  "_BitInt",
  "_Float16",
  "_Float32x",
  "_Float64x",
  "_Float128",
  "__float128",
  "__float80",
  "_Decimal32",
  "_Decimal64",
  "_Decimal128",
  "__fp16",
  "__bf16",
  "_Imaginary",
]);
