// The call engine for services, which may have no native function: loaded when a function of this
// file is first called (docs/architecture.md, "What is shipped").
import { DynamicLibrary } from "./library/library.js";
import type { LibraryOptions } from "./library/options.js";

export { parsePrototype } from "./declaration/prototype.js";
export { dlopen } from "./library/dlopen.js";
export { concreteType } from "./types/types.js";

export function openLibrary(path: string, options?: LibraryOptions): DynamicLibrary {
  return new DynamicLibrary(path, options);
}
