import type { CType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { C_TYPES } from "./c-types.js";
import type { Declaration, DeclaredParameter } from "./function-declaration.js";
import { makeDeclaration } from "./make-declaration.js";

/**
 * Reads a prototype of nothing but known arithmetic types, `void *`, `char *` and `const char *`,
 * as most of a library's are: what `parseDeclaration` makes of it, or undefined for everything
 * else, errors too. A fuzz test holds the two to each other.
 */
export function readPlainPrototype(text: string): Declaration | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, head, list] = PROTOTYPE.exec(text) ?? [];
  if (head === undefined || list === undefined) return undefined;
  const declared = readDeclared(head);
  if (declared?.name === undefined) return undefined;
  const { name } = declared;
  const result = resultType(declared);
  const parameters = readParameters(list);
  if (result === undefined || parameters === undefined) return undefined;
  return makeDeclaration({ name, symbol: name, result, parameters });
}

/** Longer ones are rare, and hostile ones better read with an eye on every token. */
const MAX_LENGTH = 512;

/** The result with the name, and the parameters. Other white space and comments are not plain. */
const PROTOTYPE = /^([\w \t\r\n*]+)\(([\w \t\r\n*,]*)\)[ \t\r\n]*;?[ \t\r\n]*$/;

/** A type as it is written, and what it declares. */
interface Declared {
  readonly name: string | undefined;
  /** The type's words, without `const`. */
  readonly words: string;
  readonly isConst: boolean;
  readonly isPointer: boolean;
}

/** `const` in front or not at all, the type's words, at most one star, perhaps a name. */
function readDeclared(text: string): Declared | undefined {
  const tokens: string[] = text.match(/\w+|\*/g) ?? [];
  const isConst = tokens[0] === "const";
  if (isConst) tokens.shift();
  const star = tokens.indexOf("*");
  if (star >= 0) {
    const [name, ...more] = tokens.slice(star + 1);
    const words = tokens.slice(0, star).join(" ");
    if (more.length > 0 || (name !== undefined && !isName(name))) return undefined;
    return { name, words, isConst, isPointer: true };
  }
  const all = tokens.join(" ");
  if (Object.hasOwn(C_TYPES, all)) {
    return { name: undefined, words: all, isConst, isPointer: false };
  }
  const name = tokens.pop();
  if (name === undefined || !isName(name)) return undefined;
  return { name, words: tokens.join(" "), isConst, isPointer: false };
}

/** Text in a result may be null: C is not held to what the declaration says. */
function resultType(declared: Declared): CType | undefined {
  const type = typeOf(declared);
  return type?.value === "text" ? scalarType("nullableText") : type;
}

function readParameters(list: string): DeclaredParameter[] | undefined {
  if (/^\s*(void\s*)?$/.test(list)) return [];
  const parameters: DeclaredParameter[] = [];
  for (const text of list.split(",")) {
    const declared = readDeclared(text);
    const type = declared && typeOf(declared);
    if (type === undefined || type.size === 0) return undefined;
    parameters.push({ name: declared?.name, type });
  }
  return parameters;
}

function typeOf({ words, isConst, isPointer }: Declared) {
  if (isPointer) {
    if (words === "void" || (words === "char" && !isConst)) return scalarType("pointer");
    return words === "char" ? scalarType("text") : undefined;
  }
  return Object.hasOwn(C_TYPES, words)
    ? scalarType(C_TYPES[words as keyof typeof C_TYPES])
    : undefined;
}

/** Whether C gives a word no meaning of its own; those with an underscore in front it may. */
function isName(word: string): boolean {
  return /^[A-Za-z]/.test(word) && !RESERVED.has(word);
}

const RESERVED: ReadonlySet<string> = new Set([
  ..."alignas alignof asm auto bool break case char const constexpr continue default do".split(" "),
  ..."double else enum extern false float for goto if inline int long noreturn nullptr".split(" "),
  ..."register restrict return short signed sizeof static static_assert struct switch".split(" "),
  ..."thread_local true typedef typeof typeof_unqual union unsigned void volatile while".split(" "),
]);
