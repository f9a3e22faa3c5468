import { ArgumentError, describeValue } from "../../errors/index.js";
import { C_TYPES } from "../declaration/c-types.js";
import type { CType } from "./ctype.js";
import { scalarType } from "./scalar.js";
import { isType } from "./type-object.js";
import { NODE_TYPES, type ValueType } from "./types.js";

/**
 * The type names that structs, arrays and pointers take: those of `node:ffi` and of C. Where both
 * know a name it has C's meaning (`bool` is true or false), except that a `string` is UTF-8 text.
 */
export const TYPE_NAMES = {
  ...NODE_TYPES,
  ...C_TYPES,
  string: "nullableText",
  str: "nullableText",
  utf16: "text16",
  utf32: "text32",
  wstring: process.platform === "win32" ? "text16" : "text32",
} as const satisfies Record<string, ValueType>;

/** A name that stands for a type in a struct, an array or a pointer. */
export type CompositeName = keyof typeof TYPE_NAMES | LongDoubleName;
export type LongDoubleName = "long double" | "longdouble" | "extended";

/** A type, by name or as what a constructor such as `struct` made. */
export type TypeSpec = CompositeName | CType;

const names: ReadonlyMap<string, ValueType> = new Map(Object.entries(TYPE_NAMES));
const longDoubleNames: ReadonlySet<string> = new Set(["long double", "longdouble", "extended"]);

/** The type that a specification means. `where` begins the error message of one that means none. */
export function resolveType(spec: unknown, where: string): CType {
  if (isType(spec)) return spec;
  if (typeof spec !== "string") {
    throw new ArgumentError(
      `${where} must be a type name or a type, got ${describeValue(spec)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const value = names.get(spec) ?? (longDoubleNames.has(spec) ? longDouble(where) : undefined);
  if (value !== undefined) return scalarType(value);
  throw new ArgumentError(`${where} has the unknown type ${JSON.stringify(spec)}`);
}

/** As `resolveType`, for a value that takes up memory. */
export function resolveComplete(spec: unknown, where: string): CType {
  const type = resolveType(spec, where);
  if (type.kind === "opaque" || (type.kind === "scalar" && type.value === "void")) {
    throw new ArgumentError(`${where} must be a type with a size, got ${type.name}`);
  }
  return type;
}

/**
 * C's `long double`: the x87's 80 bits on x86-64, `double` by Microsoft's and by Apple's AArch64
 * conventions, 128 bits on other AArch64, which nothing here computes with.
 */
function longDouble(where: string): ValueType {
  const { platform, arch } = process;
  if (platform === "win32" || (platform === "darwin" && arch === "arm64")) return "float64";
  if (arch === "x64") return "extended";
  throw new ArgumentError(`${where}: long double is not supported on ${platform}-${arch}`);
}
