import { concreteType, longIsWide } from "../types/types.js";
import { C_TYPES } from "./c-types.js";

/** A value of an integer constant expression with its type, after promotion (C11 6.3.1.1). */
export interface Integer {
  readonly value: bigint;
  /** 64 bits rather than 32. */
  readonly isWide: boolean;
  readonly isUnsigned: boolean;
}

export function integer(value: bigint, isWide = false, isUnsigned = false): Integer {
  const bits = isWide ? 64 : 32;
  const wrapped = isUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  return { value: wrapped, isWide, isUnsigned };
}

export function truth(condition: boolean): Integer {
  return integer(condition ? 1n : 0n);
}

/**
 * An integer of 32 bits is a number and one of 64 bits a bigint: the type decides, never the value,
 * as for results of calls.
 */
export function toJavaScript({ value, isWide }: Integer): number | bigint {
  return isWide ? value : Number(value);
}

/** The binary operators, after the usual arithmetic conversions; undefined for division by zero. */
export function applyBinary(operator: string, a: Integer, b: Integer): Integer | undefined {
  if (operator === "<<" || operator === ">>") return shift(operator, a, b.value);
  const isWide = a.isWide || b.isWide;
  const isUnsigned = (a.isUnsigned && a.isWide === isWide) || (b.isUnsigned && b.isWide === isWide);
  const x = integer(a.value, isWide, isUnsigned).value;
  const y = integer(b.value, isWide, isUnsigned).value;
  const compute = ARITHMETIC[operator];
  if (compute !== undefined) {
    if (y === 0n && (operator === "/" || operator === "%")) return undefined;
    return integer(compute(x, y), isWide, isUnsigned);
  }
  const compare = COMPARISONS[operator];
  return compare === undefined ? undefined : truth(compare(x, y));
}

/** How tightly binary operators bind, loosest first (C11 6.5.5 to 6.5.14). */
export const PRECEDENCE: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** A shift has the type of its left operand; one by its width or more is not defined in C. */
function shift(operator: string, { value, isWide, isUnsigned }: Integer, by: bigint) {
  if (by < 0n || by >= (isWide ? 64n : 32n)) return undefined;
  return integer(operator === "<<" ? value << by : value >> by, isWide, isUnsigned);
}

const ARITHMETIC: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
  "|": (x, y) => x | y,
  "^": (x, y) => x ^ y,
  "&": (x, y) => x & y,
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  "%": (x, y) => x % y,
};

const COMPARISONS: Readonly<Record<string, (x: bigint, y: bigint) => boolean>> = {
  "||": (x, y) => x !== 0n || y !== 0n,
  "&&": (x, y) => x !== 0n && y !== 0n,
  "==": (x, y) => x === y,
  "!=": (x, y) => x !== y,
  "<": (x, y) => x < y,
  ">": (x, y) => x > y,
  "<=": (x, y) => x <= y,
  ">=": (x, y) => x >= y,
};

/**
 * The value of an integer literal, typed by its suffix, base and size (C11 6.4.4.1); undefined for
 * what is no integer literal or does not fit in 64 bits.
 */
export function parseInteger(text: string): Integer | undefined {
  const found = LITERAL.exec(text.replaceAll("'", ""));
  if (found === null) return undefined;
  const [, digits = "", suffix = ""] = found;
  const isDecimal = /^(?:[1-9]|0$)/.test(digits);
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) return undefined;
  const lower = suffix.toLowerCase();
  const isUnsigned = lower.includes("u");
  const isLong = lower.includes("ll") || lower.includes("i64") || lower.includes("z");
  const isWide = isLong || (lower.includes("l") && longIsWide);
  const allowsUnsigned = isUnsigned || !isDecimal;
  if (!isWide) {
    if (!isUnsigned && value < 1n << 31n) return integer(value);
    if (allowsUnsigned && value < 1n << 32n) return integer(value, false, true);
  }
  return integer(value, true, isUnsigned || value >= 1n << 63n);
}

const LITERAL =
  /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)((?:[uU](?:ll|LL|[lLzZ])?|(?:ll|LL|[lLzZ])[uU]?|[uU]?i64)?)$/;

/** The value of a character constant; several characters as GCC packs them. */
export function parseCharacter(text: string): Integer | undefined {
  const [, prefix = "", body = ""] = /^(u8|[uUL]?)'([\s\S]*)'$/.exec(text) ?? [];
  const units = [...body.matchAll(CHARACTER)].map(([whole, ...parts]) => codeOf(whole, parts));
  const single = units.length === 1 ? units[0] : undefined;
  if (prefix !== "") {
    return single === undefined ? undefined : integer(BigInt(single), false, isUnsigned(prefix));
  }
  if (single !== undefined) return single > 0xff ? undefined : characterOf(single);
  if (units.length > 4 || units.some((unit) => unit > 0xff)) return undefined;
  return integer(BigInt(units.reduce((sum, unit) => sum * 256 + unit, 0)));
}

/** An int with the value that a `char` of these bits has (C11 6.4.4.4). */
function characterOf(bits: number): Integer {
  return integer(BigInt(concreteType("char") === "int8" ? (bits << 24) >> 24 : bits));
}

/** Narrower ones, `char8_t` and `char16_t`, are promoted to int. */
function isUnsigned(prefix: string): boolean {
  return prefix === "U" || (prefix === "L" && C_TYPES.wchar_t === "uint32");
}

const CHARACTER = /\\x([\da-fA-F]{1,8})|\\([0-7]{1,3})|\\u([\da-fA-F]{4})|\\?([\s\S])/gu;
const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["\\n", 10],
  ["\\t", 9],
  ["\\r", 13],
  ["\\a", 7],
  ["\\b", 8],
  ["\\f", 12],
  ["\\v", 11],
  ["\\e", 27],
]);

function codeOf(whole: string, [hex, octal, unicode, plain]: (string | undefined)[]): number {
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (unicode !== undefined) return Number.parseInt(unicode, 16);
  return ESCAPES.get(whole) ?? plain?.codePointAt(0) ?? 0;
}
