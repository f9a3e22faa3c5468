export { NativeError } from "../errors/index.js";
export { HelperEndedError } from "../ffi/isolate/ended.js";
export { Isolate } from "../ffi/isolate/isolate.js";
export type {
  Isolated,
  IsolatedDynamicLibrary,
  IsolatedFunction,
  IsolatedFunctionsOf,
} from "../ffi/isolate/isolated-types.js";
export type { IsolateOptions } from "../ffi/isolate/options.js";
export type { SandboxLimits, SandboxOptions, SandboxUser } from "../ffi/isolate/sandbox.js";
export type { OpenedIsolatedLibrary, OpenIsolatedOptions } from "../ffi/library/dlopen.js";
export { dlopen } from "../ffi/library/dlopen.js";
