import { ArgumentError, describeValue } from "../../errors/index.js";
import type { EnumType } from "./ctype.js";
import { scalarType } from "./scalar.js";
import type { EnumOf, IntegerName } from "./static-types.js";
import { resolveType } from "./type-names.js";
import { makeType, uniqueKey } from "./type-object.js";
import { NATIVE_TYPES, type ValueType } from "./types.js";

/** The values of an enumeration by name, or its names, counted from 0. */
export type EnumMembers = Readonly<Record<string, number | bigint>> | readonly string[];

type IntegerType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64";

/** The least and the greatest value of each integer type. */
const RANGES = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const satisfies Record<IntegerType, readonly [bigint, bigint]>;

/**
 * A C enum: takes a member's name or an integer, gives a number (a bigint where the values need 64
 * bits). The base type is the compiler's choice unless it is given.
 */
export function enumeration<const M extends EnumMembers, const B extends IntegerName = "int">(
  values: M,
  base?: B,
): EnumOf<M, B>;
export function enumeration<const M extends EnumMembers, const B extends IntegerName = "int">(
  name: string,
  values: M,
  base?: B,
): EnumOf<M, B>;
export function enumeration(first: unknown, second?: unknown, third?: unknown): unknown {
  return typeof first === "string"
    ? makeEnumeration(`enum ${first}`, second, third)
    : makeEnumeration("enum (anonymous)", first, second);
}

function makeEnumeration(name: string, values: unknown, base: unknown): EnumType {
  const members = readMembers(name, values);
  const value = base === undefined ? compilersChoice(name, members) : baseType(name, base);
  const integer = NATIVE_TYPES[value] as IntegerType;
  const [least, most] = RANGES[integer];
  for (const [member, number] of Object.entries(members)) {
    if (BigInt(number) < least || BigInt(number) > most) {
      throw new ArgumentError(
        `${name}: ${member} must be an integer from ${least} to ${most}, got ${number}`,
      );
    }
  }
  const { size, alignment } = scalarType(value);
  return makeType<EnumType>({
    kind: "enum",
    name,
    key: uniqueKey("e"),
    size,
    alignment,
    value,
    members,
  });
}

function readMembers(name: string, values: unknown): EnumType["members"] {
  if (typeof values !== "object" || values === null) {
    throw new ArgumentError(
      `values of ${name} must be an object or an array of names, got ${describeValue(values)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const entries: [unknown, unknown][] = Array.isArray(values)
    ? values.map((member, index) => [member, index])
    : Object.entries(values);
  const members = Object.create(null) as Record<string, number | bigint>;
  for (const [member, value] of entries) {
    if (typeof member !== "string") {
      throw new ArgumentError(`${name}: a name must be a string, got ${describeValue(member)}`);
    }
    if (typeof value !== "bigint" && !Number.isSafeInteger(value)) {
      throw new ArgumentError(
        `${name}: ${member} must be an integer (a bigint beyond 2^53), got ${describeValue(value)}`,
      );
    }
    if (Object.hasOwn(members, member)) {
      throw new ArgumentError(`${name} has the name ${member} twice`);
    }
    members[member] = value as number | bigint;
  }
  return Object.freeze(members);
}

/**
 * GCC and Clang take `unsigned int` unless a value is negative, and 64 bits where 32 do not hold
 * the values; Microsoft's compiler takes `int`.
 */
function compilersChoice(name: string, members: EnumType["members"]): ValueType {
  const values = Object.values(members).map(BigInt);
  const isNegative = values.some((value) => value < 0n);
  const fits = ([least, most]: readonly [bigint, bigint]) =>
    values.every((value) => value >= least && value <= most);
  if (process.platform === "win32" && fits(RANGES.int32)) return "int32";
  const choices = isNegative ? (["int32", "int64"] as const) : (["uint32", "uint64"] as const);
  const choice = choices.find((type) => fits(RANGES[type]));
  if (choice === undefined) {
    throw new ArgumentError(`${name}: no integer type holds all values`);
  }
  return choice;
}

function baseType(name: string, base: unknown): ValueType {
  const type = resolveType(base, `base type of ${name}`);
  if (type.kind === "scalar" && Object.hasOwn(RANGES, NATIVE_TYPES[type.value])) return type.value;
  throw new ArgumentError(`base type of ${name} must be an integer type, got ${type.name}`);
}
