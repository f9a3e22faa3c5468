import { ArgumentError, describeValue } from "../../errors/index.js";
import type { Declaration } from "../declaration/declaration.js";
import { NODE_TYPES, type TypeName, type ValueType } from "../types/types.js";

/** What a function takes and gives, whichever way it was written down. */
export interface Signature {
  readonly parameters: readonly SignatureParameter[];
  readonly result: ValueType;
  /** Equal for equal signatures. */
  readonly key: string;
}

export interface SignatureParameter {
  readonly name: string | undefined;
  readonly type: ValueType;
}

/** The signature of a C prototype. */
export function signatureOfDeclaration(declaration: Declaration): Signature {
  return makeSignature(declaration.parameters, declaration.result);
}

/**
 * Reads a signature object of `node:ffi`: `{ arguments: [...], return: "..." }`. Throws an
 * ArgumentError that names the function and the faulty part.
 */
export function signatureOfObject(name: string, value: unknown): Signature {
  if (typeof value !== "object" || value === null) {
    throw new ArgumentError(
      `signature of ${name} must be an object, got ${describeValue(value)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const { arguments: list = [], return: result = "void" } = value as Record<string, unknown>;
  if (!Array.isArray(list)) {
    throw new ArgumentError(
      `arguments of function ${name} must be an array, got ${describeValue(list)}`,
    );
  }
  const parameters = list.map((item: unknown, index) => {
    const type = toValueType(item, `argument ${index + 1} of function ${name}`);
    if (type === "void") {
      throw new ArgumentError(
        `argument ${index + 1} of function ${name} must not be "void"; use an empty array for none`,
      );
    }
    return { name: undefined, type };
  });
  return makeSignature(parameters, toValueType(result, `return type of function ${name}`));
}

function toValueType(name: unknown, where: string): ValueType {
  if (typeof name !== "string") {
    throw new ArgumentError(`${where} must be a type name, got ${describeValue(name)}`);
  }
  if (!Object.hasOwn(NODE_TYPES, name)) {
    const known = Object.keys(NODE_TYPES).join(", ");
    throw new ArgumentError(`${where} has the unsupported type "${name}"; known types: ${known}`);
  }
  return NODE_TYPES[name as TypeName];
}

function makeSignature(parameters: readonly SignatureParameter[], result: ValueType): Signature {
  const key = `${result}(${parameters.map((parameter) => parameter.type).join(",")})`;
  return { parameters, result, key };
}
