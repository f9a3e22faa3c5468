import { cryptoLibrary } from "./crypto/deferred.js";
import type { BuiltInBinding, MethodDefinition } from "./definition.js";
import type { NativeResolution } from "./native-functions.js";

/** A native library that is part of this package. */
export interface BuiltInLibrary {
  /** Why it has no native functions here; undefined where it has. Asked at resolution. */
  absence(): string | undefined;
  /** Its functions by symbol. Each makes its own checks, in the words of the method's schemas. */
  readonly functions: Readonly<
    Record<string, (method: MethodDefinition) => (...args: unknown[]) => unknown>
  >;
}

const LIBRARIES: Readonly<Record<string, () => BuiltInLibrary>> = {
  "nearfar:crypto": cryptoLibrary,
};

/** The function that a binding names in a library of this package. */
export function findBuiltIn(binding: BuiltInBinding, method: MethodDefinition): NativeResolution {
  const { library: name, symbol } = binding;
  const library = Object.hasOwn(LIBRARIES, name) ? LIBRARIES[name]?.() : undefined;
  if (library === undefined) {
    const known = Object.keys(LIBRARIES).join(", ");
    return { call: undefined, reason: `nearfar has no library "${name}" (it has ${known})` };
  }
  const absence = library.absence();
  if (absence !== undefined) return { call: undefined, reason: absence };
  const make = Object.hasOwn(library.functions, symbol) ? library.functions[symbol] : undefined;
  if (make === undefined) {
    const known = Object.keys(library.functions).join(", ");
    return { call: undefined, reason: `${name} has no function "${symbol}" (it has ${known})` };
  }
  const call = make(method);
  return { call, callConverted: call, reason: `native function of ${name}` };
}
