// A library with many functions of few signatures, as a large C interface has: each call of this
// module writes the same source.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, outputDirectory, writeSource } from "../support/build.mjs";

export const SIGNATURES = 200;

/** Types by C name: their names for koffi and in signature objects, and what to pass. */
export const TYPES = {
  int: { koffi: "int", node: "int32", value: 1 },
  "unsigned int": { koffi: "uint", node: "uint32", value: 2 },
  double: { koffi: "double", node: "float64", value: 0.5 },
  float: { koffi: "float", node: "float32", value: 0.5 },
  "long long": { koffi: "int64", node: "int64", value: 3n },
  "void *": { koffi: "void *", node: "pointer", value: null },
  "const char *": { koffi: "str", node: "string", value: "text" },
};
const NAMES = Object.keys(TYPES);
const RESULTS = NAMES.slice(0, 5);

/** Function `index` of the library: symbol, C types, and arguments for a call. */
export function functionAt(index) {
  const { result, parameters } = signatureAt(index % SIGNATURES);
  const symbol = `function_${index}`;
  return {
    symbol,
    prototype: `${result} ${symbol}(${parameters.join(", ") || "void"})`,
    result,
    parameters,
    values: parameters.map((type) => TYPES[type].value),
  };
}

/**
 * Up to six arguments: a multiple of the number, written in types as digits, is never twice there.
 */
function signatureAt(number) {
  const parameters = [];
  for (let rest = number * 97; rest > 0; rest = Math.floor(rest / NAMES.length)) {
    parameters.push(NAMES[rest % NAMES.length]);
  }
  return { result: RESULTS[number % RESULTS.length], parameters };
}

/** Compiles a library of so many functions, unless that has been done. */
export function compileLibrary(count) {
  const file = `functions-${count}.c`;
  const text = Array.from({ length: count }, (_, index) => definition(functionAt(index))).join(
    "\n",
  );
  const source = join(outputDirectory, file);
  const library = join(outputDirectory, `libfunctions-${count}.so`);
  const isThere = existsSync(library) && readFileSync(source, "utf8") === text;
  return isThere ? library : compile(writeSource(file, text), `libfunctions-${count}.so`);
}

function definition({ prototype, parameters }) {
  const body = prototype.replace(/\((.*)\)$/, (_, list) =>
    list === "void" ? "(void)" : `(${parameters.map((type, at) => `${type} a${at}`).join(", ")})`,
  );
  return `${body} { return ${parameters.length}; }`;
}
