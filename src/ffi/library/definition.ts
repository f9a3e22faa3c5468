import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireKnownOptions } from "../../internal/options.js";
import { type Signature, signatureOfDeclaration, signatureOfObject } from "../call/signature.js";
import type { NamedTypes } from "../declaration/declaration.js";
import type { FunctionOf } from "../declaration/declaration-types.js";
import { type Declarations, isDeclarations } from "../declaration/declarations.js";
import type { Declaration } from "../declaration/function-declaration.js";
import { parsePrototype } from "../declaration/prototype.js";
import type { FunctionsOfDeclarations } from "../declaration/source-types.js";
import type {
  AnyFunction,
  FunctionOfSignature,
  FunctionSignature,
  WithErrno,
} from "../types/value-types.js";

/** What C does not say of a function. */
export interface FunctionOptions {
  /** Each call gives `{ value, errno }`: `GetLastError` on Windows. Default: false. */
  readonly errno?: boolean;
  /** The function never calls back into JavaScript. Default: false. */
  readonly leaf?: boolean;
  /** The function may run on several threads at a time. Default: false. */
  readonly threadSafe?: boolean;
  /**
   * Calling it twice has the effect of calling it once: in a helper process, a call that the
   * process did not survive is made once more, in the next one. Default: false.
   */
  readonly idempotent?: boolean;
  /** Types that the prototype names. Default: the library's option `types`. */
  readonly types?: NamedTypes;
}

/** A C prototype with options: `{ declaration: "int open(const char *, int)", errno: true }`. */
export interface DeclaredFunction extends FunctionOptions {
  readonly declaration: string;
}

/** A function to resolve, in any of the ways to write one down. */
export type FunctionDefinition = FunctionSignature | DeclaredFunction | Declaration | string;

/**
 * Functions to resolve: a signature object by symbol name, a C prototype, or what `cdef` declares.
 */
export type FunctionDefinitions = Readonly<Record<string, FunctionDefinition>>;

/** The functions of some definitions. */
export type FunctionsOf<D> =
  D extends Declarations<infer F>
    ? FunctionsOfDeclarations<F>
    : { readonly [K in keyof D]: FunctionOfDefinition<D[K]> };

type FunctionOfDefinition<D> = D extends string
  ? FunctionOf<D>
  : D extends { readonly declaration: infer T extends string; readonly errno: true }
    ? WithErrno<FunctionOf<T>>
    : D extends { readonly declaration: infer T extends string }
      ? FunctionOf<T>
      : D extends FunctionSignature
        ? FunctionOfSignature<D>
        : AnyFunction;

/** A definition, read. */
export interface ResolvedDefinition {
  /** What the function is called in JavaScript. */
  readonly name: string;
  readonly symbol: string;
  readonly signature: Signature;
}

/** Reads a definition under the name it stands; a prototype has a name of its own. */
export function resolveDefinition(
  name: string,
  definition: unknown,
  types: NamedTypes | undefined,
): ResolvedDefinition {
  if (typeof definition === "string") return resolveDeclared(definition, {}, types);
  if (typeof definition === "object" && definition !== null) {
    if ("declaration" in definition) {
      const { declaration, ...options } = definition as DeclaredFunction;
      return resolveDeclared(declaration, options, types);
    }
    if (isParsed(definition)) return ofDeclaration(definition);
  }
  return { name, symbol: name, signature: signatureOfObject(name, definition) };
}

/** Reads a prototype. */
export function resolveDeclared(
  text: unknown,
  options: FunctionOptions,
  types: NamedTypes | undefined,
): ResolvedDefinition {
  if (typeof text !== "string") {
    throw new ArgumentError(`declaration must be a string, got ${describeValue(text)}`);
  }
  const checked = signatureOptions(options);
  return ofDeclaration({ ...parsePrototype(text, options.types ?? types), ...checked });
}

type SignatureFlags = Pick<Signature, "capturesError" | "isLeaf" | "isThreadSafe" | "isIdempotent">;

const FUNCTION_OPTIONS = ["errno", "leaf", "threadSafe", "idempotent", "types"] as const;

/** Checks what C does not say of a function. */
export function signatureOptions(options: FunctionOptions): SignatureFlags {
  requireKnownOptions(options, FUNCTION_OPTIONS, "options of a prototype");
  const { errno = false, leaf = false, threadSafe = false, idempotent = false } = options;
  for (const [key, value] of Object.entries({ errno, leaf, threadSafe, idempotent })) {
    if (typeof value !== "boolean") {
      throw new ArgumentError(`${key} must be true or false, got ${describeValue(value)}`);
    }
  }
  return {
    capturesError: errno,
    isLeaf: leaf,
    isThreadSafe: threadSafe,
    isIdempotent: idempotent,
  };
}

/** The entries of some definitions; of what `cdef` gave, its functions. */
export function definitionsOf(
  definitions: FunctionDefinitions | Declarations,
): readonly [string, FunctionDefinition][] {
  if (typeof definitions !== "object" || definitions === null || Array.isArray(definitions)) {
    throw new ArgumentError(
      `function definitions must be an object, got ${describeValue(definitions)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return Object.entries(isDeclarations(definitions) ? definitions.functions : definitions);
}

/** Whether it is what `cdef` or `parseDeclaration` gave; a signature object has no symbol. */
export function isParsed(definition: unknown): definition is Declaration {
  if (typeof definition !== "object" || definition === null) return false;
  return "parameters" in definition && "symbol" in definition;
}

function ofDeclaration(declaration: Declaration): ResolvedDefinition {
  const { name, symbol } = declaration;
  return { name, symbol, signature: signatureOfDeclaration(declaration) };
}
