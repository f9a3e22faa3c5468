import type { Grammar } from "./grammar.js";
import { layoutOf } from "./lower.js";
import type { Convention } from "./shape.js";

/** What GNU, Microsoft and C23 attributes say that matters here; all others are skipped. */
export interface Attributes {
  isPacked: boolean;
  /** Bytes. */
  alignment: number | undefined;
  /** GNU C's machine mode, without underscores: `DI`, `word`. */
  mode: string | undefined;
  convention: Convention | undefined;
  /** The name of an attribute that makes a type nothing here can pass, such as a vector. */
  unsupported: string | undefined;
}

export function noAttributes(): Attributes {
  return {
    isPacked: false,
    alignment: undefined,
    mode: undefined,
    convention: undefined,
    unsupported: undefined,
  };
}

/** Words that stand for a calling convention. */
const CONVENTIONS: ReadonlyMap<string, Convention> = new Map([
  ["cdecl", "cdecl"],
  ["stdcall", "stdcall"],
  ["ms_abi", "win64"],
]);

/** Conventions that pass arguments in ways the call engine does not. */
const OTHER_CONVENTIONS = new Set(["fastcall", "vectorcall", "thiscall", "regparm", "sysv_abi"]);

/** Attributes that lay a struct out by rules of their own. */
const OTHER_LAYOUTS = new Set(["ms_struct", "gcc_struct", "scalar_storage_order"]);

/** GNU C's largest useful alignment, what `aligned` without a number means (x86-64, AArch64). */
const BIGGEST_ALIGNMENT = 16;

/** Reads any attributes that stand here into `found`. */
export function readAttributes(grammar: Grammar, found: Attributes): void {
  while (readAttribute(grammar, found));
}

function readAttribute(grammar: Grammar, found: Attributes): boolean {
  const { cursor } = grammar;
  const { kind, text } = cursor.token;
  if (kind === "punctuator" && text === "[[") {
    cursor.skipBalanced();
    return true;
  }
  if (kind !== "word") return false;
  switch (text) {
    case "__attribute__":
    case "__attribute":
      cursor.next();
      cursor.expect("(");
      readList(grammar, found);
      cursor.expect(")");
      return true;
    case "__declspec":
      cursor.next();
      readList(grammar, found);
      return true;
    case "_Alignas":
    case "alignas":
      cursor.next();
      cursor.expect("(");
      align(found, readAlignment(grammar));
      cursor.expect(")");
      return true;
    case "_Pragma":
      cursor.next();
      cursor.skipBalanced();
      return true;
  }
  return readConventionWord(grammar, text, found);
}

/** `__stdcall` and its like. */
function readConventionWord({ cursor }: Grammar, text: string, found: Attributes): boolean {
  const name = /^__?([a-z]+)$/.exec(text)?.[1] ?? "";
  const convention = CONVENTIONS.get(name);
  if (convention === undefined && !OTHER_CONVENTIONS.has(name)) return false;
  if (convention === undefined) {
    throw cursor.problem(`the calling convention ${text} is not supported`);
  }
  found.convention = convention;
  cursor.next();
  return true;
}

/** `(name, name(arguments), ...)`, names with or without underscores around them. */
function readList(grammar: Grammar, found: Attributes): void {
  const { cursor } = grammar;
  cursor.expect("(");
  while (!cursor.take(")")) {
    if (cursor.take(",")) continue;
    const token = cursor.next();
    if (token.kind !== "word") throw cursor.problem("expected an attribute's name", token);
    const name = token.text.replace(/^__(\w+)__$/, "$1");
    if (name === "aligned" || name === "align") {
      if (cursor.take("(")) {
        align(found, readAlignment(grammar));
        cursor.expect(")");
      } else align(found, BIGGEST_ALIGNMENT);
      continue;
    }
    if (name === "mode" && cursor.is("(")) {
      found.mode = cursor.peek(1).text.replace(/^__(\w+)__$/, "$1");
    } else if (name === "packed") found.isPacked = true;
    else if (OTHER_LAYOUTS.has(name)) {
      throw cursor.problem(`the attribute ${name} is not supported`, token);
    } else if (name === "vector_size" || name === "ext_vector_type") found.unsupported = "vectors";
    else if (OTHER_CONVENTIONS.has(name) && !isNativeConvention(name)) {
      throw cursor.problem(`the calling convention ${name} is not supported`, token);
    } else found.convention = CONVENTIONS.get(name) ?? found.convention;
    if (cursor.is("(")) cursor.skipBalanced();
  }
}

/** System V's convention is the platform's own everywhere but on Windows. */
function isNativeConvention(name: string): boolean {
  return name === "sysv_abi" && process.platform !== "win32";
}

/** An alignment in bytes, as a number or as a type that has it; 0 has no effect (C11 6.7.5). */
function readAlignment(grammar: Grammar): number {
  const { cursor } = grammar;
  const start = cursor.token;
  if (grammar.startsType()) {
    const shape = grammar.typeName();
    const layout = layoutOf(shape);
    if (layout === undefined) throw cursor.problem("a type without a size", start);
    return layout.alignment;
  }
  const { value } = grammar.constant();
  if (value < 0n || value > MAX_ALIGNMENT || (value & (value - 1n)) !== 0n) {
    throw cursor.problem(
      `an alignment must be a power of two from 1 to ${MAX_ALIGNMENT}, got ${value}`,
      start,
    );
  }
  return Number(value);
}

/** As GCC's limit on ELF (2^28). */
const MAX_ALIGNMENT = 1n << 28n;

function align(found: Attributes, bytes: number): void {
  if (bytes > (found.alignment ?? 0)) found.alignment = bytes;
}
