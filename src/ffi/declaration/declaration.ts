import type { CType } from "../types/ctype.js";
import { type Declarations, scopeOf } from "./cdef.js";
import { MS_EXTENSIONS } from "./cdef-options.js";
import { type Declaration, toDeclaration } from "./function-declaration.js";
import { lowerObject, problemOf } from "./lower.js";
import { Parser } from "./parser.js";
import { Scope } from "./scope.js";

export type { Declaration, DeclaredParameter } from "./function-declaration.js";

/** Types that a declaration may name: what `cdef` gave, or types by name. */
export type NamedTypes = Declarations | Readonly<Record<string, CType>>;

const NO_WORDS: ReadonlySet<string> = new Set();

/**
 * Reads a C prototype such as `double hypot(double x, double y)` or `size_t strlen(const char *s)`.
 * `types` are structs, typedefs and so on that it may name: what `cdef` gave, or types by name.
 *
 * - `const char *` is UTF-8 text, as a parameter not null unless it is `_Nullable`;
 *   `const char16_t *`,
 *   `const char32_t *` and `const wchar_t *` are text in UTF-16 or UTF-32
 * - `char *`, `void *` and pointers to types that are not known are addresses or memory
 * - other pointers know what they point to: `const T *` is copied in, `T *` in and out
 * - arrays and functions as parameters are pointers
 *
 * Throws an ArgumentError that names the column of what it does not understand.
 */
export function parseDeclaration(text: string, types?: NamedTypes): Declaration {
  const parser = parserOf(text, types);
  parser.run();
  const [declared, second] = parser.declared;
  if (declared === undefined) throw parser.source.problem("expected a function", text.length);
  if (second !== undefined) {
    throw parser.source.problem("expected the end of the declaration", second.offset);
  }
  if (declared.shape.kind !== "function") {
    throw parser.source.problem('expected "(" and parameters', text.trimEnd().length);
  }
  const declaration = toDeclaration(declared, declared.shape);
  if (typeof declaration === "string") throw parser.source.problem(declaration, declared.offset);
  return declaration;
}

/**
 * Reads a type, such as `struct point`, `unsigned char[16]` or `int (*)(const char *)`, or a
 * variable's declaration, such as `extern int optind`. Text in it may be null.
 */
export function parseType(
  text: string,
  types?: NamedTypes,
): { readonly name: string | undefined; readonly type: CType } {
  const parser = parserOf(text.replace(/;\s*$/, ""), types);
  const { name, shape, offset } = parser.runType();
  const problem = problemOf(shape);
  if (problem !== undefined) throw parser.source.problem(problem, offset);
  return { name, type: lowerObject(shape) };
}

/**
 * Reads the type of a function: a function pointer such as `int (*)(int)`, or a prototype. As
 * `parseDeclaration`; the name is empty where there is none.
 */
export function parseFunctionType(text: string, types?: NamedTypes): Declaration {
  const parser = parserOf(text.replace(/;\s*$/, ""), types);
  const { name = "", shape, offset } = parser.runType();
  const target = shape.kind === "pointer" ? shape.target : shape;
  if (target.kind !== "function") {
    throw parser.source.problem('expected a function, such as "int (*)(int)"', offset);
  }
  const declaration = toDeclaration({ name, symbol: name }, target);
  if (typeof declaration === "string") throw parser.source.problem(declaration, offset);
  return declaration;
}

function parserOf(text: string, types: NamedTypes | undefined): Parser {
  return new Parser(text, {
    scope: new Scope(scopeOf(types)),
    ignore: NO_WORDS,
    pack: undefined,
    msExtensions: MS_EXTENSIONS,
    allowsUnknown: true,
  });
}
