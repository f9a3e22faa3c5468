import type { Declaration } from "./function-declaration.js";

/** What no declaration is without; every flag is false by default. */
type Parts = Pick<Declaration, "name" | "symbol" | "result" | "parameters"> & Partial<Declaration>;

export function makeDeclaration(parts: Parts): Declaration {
  const { name, symbol, result, parameters, ...flags } = parts;
  return Object.freeze({
    name,
    symbol,
    result,
    parameters: Object.freeze(parameters.map((parameter) => Object.freeze(parameter))),
    isVariadic: false,
    convention: undefined,
    capturesError: false,
    isLeaf: false,
    isThreadSafe: false,
    isIdempotent: false,
    ...flags,
  });
}
