import { dlclose, dlopen, dlsym } from "./library/dlopen.js";
import { DynamicLibrary } from "./library/library.js";
import * as memory from "./memory/memory.js";
import * as access from "./memory/memory-access.js";
import { suffix, types } from "./types/types.js";

export type { CallbackOptions, CallbackThread } from "./call/callback.js";
export type { CdefOptions } from "./declaration/cdef-options.js";
export type { NamedTypes } from "./declaration/declaration.js";
export type { FunctionOf } from "./declaration/declaration-types.js";
export type { Declarations } from "./declaration/declarations.js";
export { cdef, parseDeclaration, parseType } from "./declaration/deferred.js";
export type { Declaration, DeclaredParameter } from "./declaration/function-declaration.js";
export { allowLibraries } from "./library/allow-list.js";
export type { CallbackDefinition, ListenerOf } from "./library/callback-definition.js";
export type {
  DeclaredFunction,
  FunctionDefinition,
  FunctionDefinitions,
  FunctionOptions,
  FunctionsOf,
} from "./library/definition.js";
export type {
  OpenedIsolatedLibrary,
  OpenedLibrary,
  OpenIsolatedOptions,
  OpenOptions,
} from "./library/dlopen.js";
export { dlclose, dlopen, dlsym } from "./library/dlopen.js";
export { DynamicLibrary } from "./library/library.js";
export type { LibraryOptions } from "./library/options.js";
export type { FunctionAt, PointedDefinition } from "./library/pointed-function.js";
export type { Variable, VariableOf } from "./library/variable.js";
export { type Adopted, type AdoptOptions, adopt } from "./memory/adopt.js";
export { type AllocOptions, alloc } from "./memory/alloc.js";
export type { Allocation } from "./memory/allocation.js";
export { load, store, viewAt } from "./memory/load-store.js";
export {
  exportArrayBuffer,
  exportArrayBufferView,
  exportBuffer,
  exportString,
  getCurrentEventLoop,
  getRawPointer,
  readString as toString,
  toArrayBuffer,
  toBuffer,
} from "./memory/memory.js";
export {
  getFloat32,
  getFloat64,
  getInt8,
  getInt16,
  getInt32,
  getInt64,
  getUint8,
  getUint16,
  getUint32,
  getUint64,
  setFloat32,
  setFloat64,
  setInt8,
  setInt16,
  setInt32,
  setInt64,
  setUint8,
  setUint16,
  setUint32,
  setUint64,
} from "./memory/memory-access.js";
export type { MemoryHolder } from "./memory/memory-holder.js";
export type { Pointer } from "./memory/pointer.js";
export { callback } from "./types/callback.js";
export {
  aligned,
  array,
  bits,
  opaque,
  packed,
  pointer,
  struct,
  union,
} from "./types/constructors.js";
export type * from "./types/ctype.js";
export { enumeration } from "./types/enumeration.js";
export { alignof, offsetof, sizeof } from "./types/measure.js";
export type {
  ArgumentOf,
  CallbackSignature,
  ScriptFunction,
  ValueOf,
  ViewOf,
  WritableOf,
} from "./types/static-types.js";
export { toObject } from "./types/to-object.js";
export type { TypeSpec } from "./types/type-names.js";
export type { TypeName, ValueType } from "./types/types.js";
export { suffix, types } from "./types/types.js";
export type {
  AnyFunction,
  AnyValue,
  ArgumentValues,
  CallOutcome,
  ForeignFunction,
  FunctionOfSignature,
  FunctionSignature,
  Memory,
  ResultValues,
} from "./types/value-types.js";
export { bytesOf } from "./types/views.js";

/** `node:ffi` has a default export with everything in it; code written for it may rely on that. */
export default {
  DynamicLibrary,
  dlclose,
  dlopen,
  dlsym,
  suffix,
  types,
  toString: memory.readString,
  exportArrayBuffer: memory.exportArrayBuffer,
  exportArrayBufferView: memory.exportArrayBufferView,
  exportBuffer: memory.exportBuffer,
  exportString: memory.exportString,
  getCurrentEventLoop: memory.getCurrentEventLoop,
  getRawPointer: memory.getRawPointer,
  toArrayBuffer: memory.toArrayBuffer,
  toBuffer: memory.toBuffer,
  ...access,
};
