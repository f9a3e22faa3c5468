import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireString } from "../../internal/options.js";
import type { CType } from "../types/ctype.js";
import { isType } from "../types/type-object.js";
import { type CdefOptions, resolveCdefOptions } from "./cdef-options.js";
import { type Declarations, markAsDeclarations } from "./declarations.js";
import { type Declaration, toDeclaration, type Unsaid } from "./function-declaration.js";
import { toJavaScript } from "./integer.js";
import { lowerObject, problemOf } from "./lower.js";
import { Parser } from "./parser.js";
import { Scope } from "./scope.js";
import type { FunctionsOfSource } from "./source-types.js";

export type { Declarations } from "./declarations.js";

/** The scopes that results and their `types` came from: they know more of C than the types do. */
const scopes = new WeakMap<object, Scope>();

/**
 * Reads C declarations in the style of headers: structs, unions, enums, typedefs, prototypes,
 * variables and constants. It is no preprocessor: of `#define` lines integer constants are taken,
 * `#pragma pack` is followed, other directives are skipped and what stands between them is read.
 * The output of `cc -E -P` reads best.
 *
 * Throws an ArgumentError with the line, the column and the quoted line of what is not understood.
 */
export function cdef<const S extends string, const O extends CdefOptions = Record<never, never>>(
  source: S,
  options?: O,
): Declarations<FunctionsOfSource<S, O>>;
export function cdef(source: string, options: CdefOptions = {}): Declarations {
  requireString(source, "source");
  const { types, unsaidOf, requireDeclared, ...rules } = resolveCdefOptions(options);
  const scope = new Scope(scopeOf(types));
  const parser = new Parser(source, { ...rules, scope, allowsUnknown: false });
  parser.run();
  const result = collect(parser, unsaidOf);
  requireDeclared((name) => name in result.functions || name in result.unsupported);
  markAsDeclarations(result);
  scopes.set(result, scope);
  scopes.set(result.types, scope);
  return result;
}

/** The names that an option `types` brings. */
export function scopeOf(types: unknown): Scope | undefined {
  if (types === undefined) return undefined;
  if (typeof types !== "object" || types === null) {
    throw new ArgumentError(
      `types must be types by name or what cdef gave, got ${describeValue(types)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const known = scopes.get(types);
  if (known !== undefined) return known;
  const scope = new Scope(undefined);
  for (const [name, type] of Object.entries(types)) {
    if (!isType(type)) {
      throw new ArgumentError(`types.${name} must be a type, got ${describeValue(type)}`);
    }
    scope.addType(name, type);
  }
  return scope;
}

function collect(
  { scope, macros, declared }: Parser,
  unsaidOf: (name: string) => Unsaid,
): Declarations {
  const types = record<CType>();
  for (const tag of scope.tags.values()) {
    types[tag.name] = lowerObject({ kind: "tag", tag, isConst: false });
  }
  for (const tag of scope.tags.values()) {
    types[tag.name.slice(tag.keyword.length + 1)] ??= types[tag.name] as CType;
  }
  for (const [name, shape] of scope.typedefs) types[name] = lowerObject(shape);
  const functions = record<Declaration>();
  const variables = record<CType>();
  const unsupported = record<string>();
  for (const each of declared) {
    if (each.isLocal) continue;
    const problem = each.shape.kind === "function" ? undefined : problemOf(each.shape);
    if (problem !== undefined) unsupported[each.name] = problem;
    else if (each.shape.kind !== "function") variables[each.name] = lowerObject(each.shape);
    else {
      const declaration = toDeclaration(each, each.shape, unsaidOf(each.name));
      if (typeof declaration === "string") unsupported[each.name] = declaration;
      else functions[each.name] = declaration;
    }
  }
  const constants = record<number | bigint>();
  for (const [name, value] of scope.enumerators) constants[name] = toJavaScript(value);
  for (const name of macros.names()) {
    const value = macros.value(name);
    if (value !== undefined) constants[name] = toJavaScript(value);
  }
  const all = { types, functions, variables, constants, unsupported };
  for (const part of Object.values(all)) Object.freeze(part);
  return Object.freeze(all);
}

function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
