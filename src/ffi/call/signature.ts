import { ArgumentError, describeValue } from "../../errors/index.js";
import type { Declaration } from "../declaration/function-declaration.js";
import type { CType, FunctionType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { resolveType } from "../types/type-names.js";
import { decay, isType } from "../types/type-object.js";
import { NODE_TYPES, type TypeName } from "../types/types.js";

/** What a function takes and gives, whichever way it was written down. */
export interface Signature {
  readonly parameters: readonly SignatureParameter[];
  readonly result: CType;
  /** Takes more arguments, whose types come with the call. */
  readonly isVariadic: boolean;
  /** Of a call of a variadic function with its types known: how many parameters are named. */
  readonly fixed: number | undefined;
  readonly convention: Convention;
  /** Each call gives `{ value, errno }`. */
  readonly capturesError: boolean;
  /** Never calls back into JavaScript. */
  readonly isLeaf: boolean;
  /** May run on several threads at a time. */
  readonly isThreadSafe: boolean;
  /** Calling it twice has the effect of calling it once. */
  readonly isIdempotent: boolean;
  /** Equal for equal signatures. */
  readonly key: string;
}

export interface SignatureParameter {
  readonly name: string | undefined;
  readonly type: CType;
}

/** `win64` is Microsoft's on other x86-64 systems; the names of 32-bit Windows mean `default`. */
export type Convention = "default" | "win64";
const CONVENTIONS: Readonly<Record<string, Convention>> = {
  default: "default",
  cdecl: "default",
  stdcall: "default",
  fastcall: "default",
  win64: process.platform === "win32" ? "default" : "win64",
};

/** The parts of a signature that differ from a plain function's. */
export interface SignatureOptions {
  readonly isVariadic?: boolean;
  readonly fixed?: number | undefined;
  readonly convention?: Convention;
  readonly capturesError?: boolean;
  readonly isLeaf?: boolean;
  readonly isThreadSafe?: boolean;
  readonly isIdempotent?: boolean;
}

/** Puts a signature together. An array parameter is a pointer, as C has it. */
export function makeSignature(
  parameters: readonly SignatureParameter[],
  result: CType,
  options: SignatureOptions = {},
): Signature {
  const {
    isVariadic = false,
    fixed,
    convention = "default",
    capturesError = false,
    isLeaf = false,
    isThreadSafe = false,
    isIdempotent = false,
  } = options;
  const flags = [isVariadic, capturesError, isLeaf, isThreadSafe, isIdempotent]
    .map(Number)
    .join("");
  const types = parameters.map(({ type }) => type.key).join(",");
  return {
    parameters,
    result,
    isVariadic,
    fixed,
    convention,
    capturesError,
    isLeaf,
    isThreadSafe,
    isIdempotent,
    key: `${result.key}(${types})${flags}${convention}${fixed ?? ""}`,
  };
}

/** The signature behind a function pointer. */
export function signatureOfType(type: FunctionType, options: SignatureOptions = {}): Signature {
  const { parameters, result, isVariadic } = type;
  return makeSignature(parameters, result, { ...options, isVariadic });
}

/** The signature of a C prototype. */
export function signatureOfDeclaration(declaration: Declaration): Signature {
  const { parameters, result, convention = "default", ...flags } = declaration;
  return makeSignature(parameters, result, {
    ...flags,
    convention: CONVENTIONS[convention] ?? "default",
  });
}

const SIGNATURE_KEYS = new Set([
  "arguments",
  "return",
  "variadic",
  "convention",
  "errno",
  "leaf",
  "threadSafe",
  "idempotent",
]);

/**
 * Reads a signature object: `{ arguments: [...], return: "..." }` as in `node:ffi`, with types
 * besides names. Throws an ArgumentError that names the function and the faulty part.
 */
export function signatureOfObject(name: string, value: unknown): Signature {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ArgumentError(
      `signature of ${name} must be an object, got ${describeValue(value)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    if (SIGNATURE_KEYS.has(key)) continue;
    const known = [...SIGNATURE_KEYS].join(", ");
    throw new ArgumentError(
      `signature of ${name} has the unknown property "${key}"; known: ${known}`,
    );
  }
  const { arguments: list = [], return: result = "void" } = object;
  const named = parameterTypes(name, list);
  const variadic = object.variadic === undefined ? [] : parameterTypes(name, object.variadic);
  return makeSignature(
    [...named, ...variadic],
    toResult(result, `return type of function ${name}`),
    {
      fixed: object.variadic === undefined ? undefined : named.length,
      convention: toConvention(name, object.convention),
      capturesError: toFlag(name, "errno", object.errno),
      isLeaf: toFlag(name, "leaf", object.leaf),
      isThreadSafe: toFlag(name, "threadSafe", object.threadSafe),
      isIdempotent: toFlag(name, "idempotent", object.idempotent),
    },
  );
}

function parameterTypes(name: string, list: unknown): SignatureParameter[] {
  if (!Array.isArray(list)) {
    throw new ArgumentError(
      `arguments of function ${name} must be an array, got ${describeValue(list)}`,
    );
  }
  // Array.from reads holes, which map skips.
  return Array.from(list, (item: unknown, index) => {
    const where = `argument ${index + 1} of function ${name}`;
    const type = toType(item, where);
    if (type.size === 0 && type.kind === "scalar") {
      throw new ArgumentError(`${where} must not be "void"; use an empty array for none`);
    }
    return { name: undefined, type: toParameterType(type, where) };
  });
}

/** By value goes what has a size; C passes arrays as pointers to their first element. */
function toParameterType(type: CType, where: string): CType {
  if (type.kind === "opaque") {
    throw new ArgumentError(`${where} cannot be ${type.name} by value: its size is not known`);
  }
  return decay(type);
}

function toResult(item: unknown, where: string): CType {
  const type = toType(item, where);
  if (type.kind === "opaque" || type.kind === "array") {
    throw new ArgumentError(`${where} cannot be ${type.name}; C returns a pointer to it`);
  }
  return type;
}

/** A name has node:ffi's meaning here, also where C has another for it. */
function toType(item: unknown, where: string): CType {
  if (isType(item)) return item;
  if (typeof item !== "string") {
    throw new ArgumentError(`${where} must be a type name or a type, got ${describeValue(item)}`);
  }
  if (Object.hasOwn(NODE_TYPES, item)) return scalarType(NODE_TYPES[item as TypeName]);
  try {
    return resolveType(item, where);
  } catch {
    const known = Object.keys(NODE_TYPES).join(", ");
    throw new ArgumentError(`${where} has the unsupported type "${item}"; known types: ${known}`);
  }
}

function toConvention(name: string, value: unknown): Convention {
  if (value === undefined) return "default";
  const known = typeof value === "string" ? CONVENTIONS[value] : undefined;
  if (known !== undefined) return known;
  const names = Object.keys(CONVENTIONS).join(", ");
  throw new ArgumentError(`convention of ${name} must be one of ${names}, got ${String(value)}`);
}

function toFlag(name: string, option: string, value: unknown): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw new ArgumentError(
    `${option} in the signature of ${name} must be true or false, got ${describeValue(value)}`,
  );
}
