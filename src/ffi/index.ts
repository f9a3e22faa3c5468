import { dlclose, dlopen, dlsym } from "./dlopen.js";
import { DynamicLibrary } from "./library.js";
import { getRawPointer, readString } from "./memory.js";
import { suffix, types } from "./types.js";

export { type Declaration, type DeclaredParameter, parseDeclaration } from "./declaration.js";
export type { FunctionOf } from "./declaration-types.js";
export type { OpenedLibrary, OpenOptions } from "./dlopen.js";
export type { FunctionDefinitions, FunctionsOf } from "./library.js";
export type { TypeName, ValueType } from "./types.js";
export type {
  AnyFunction,
  ArgumentValues,
  ForeignFunction,
  FunctionOfSignature,
  FunctionSignature,
  Memory,
  ResultValues,
} from "./value-types.js";
export {
  DynamicLibrary,
  dlclose,
  dlopen,
  dlsym,
  getRawPointer,
  readString as toString,
  suffix,
  types,
};

/** `node:ffi` has a default export with everything in it; code written for it may rely on that. */
export default {
  DynamicLibrary,
  dlclose,
  dlopen,
  dlsym,
  getRawPointer,
  suffix,
  toString: readString,
  types,
};
