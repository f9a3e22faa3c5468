import type { CType } from "../types/ctype.js";
import type { Declaration } from "./function-declaration.js";

declare const FUNCTIONS: unique symbol;

/**
 * What a C source declares; frozen, and the records in it have no prototype. `F` is what the
 * functions are in JavaScript, if that is known; nothing of it is there at run time.
 */
export interface Declarations<F = unknown> {
  readonly [FUNCTIONS]?: F;
  /** Typedefs, `struct point` and so on, and plain `point` where no typedef has that name. */
  readonly types: Readonly<Record<string, CType>>;
  readonly functions: Readonly<Record<string, Declaration>>;
  readonly variables: Readonly<Record<string, CType>>;
  /**
   * Enumerators, and macros that are integer constants: numbers where C's type of them has 32 bits,
   * bigints where it has 64.
   */
  readonly constants: Readonly<Record<string, number | bigint>>;
  /** Functions and variables whose types cannot be passed, by name, and why. */
  readonly unsupported: Readonly<Record<string, string>>;
}

const made = new WeakSet<object>();

/** Whether a value is what `cdef` gave. */
export function isDeclarations(value: unknown): value is Declarations {
  return typeof value === "object" && value !== null && made.has(value);
}

/** From here on `isDeclarations` knows it. */
export function markAsDeclarations(value: Declarations): void {
  made.add(value);
}

/** Whether a text is a prototype rather than a symbol's name. */
export function isDeclaration(text: string): boolean {
  return text.includes("(");
}
