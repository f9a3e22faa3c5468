// nearfar itself, from the build in dist/.
import { FUNCTIONS, LISTENER } from "../functions.mjs";
import { asyncLoop } from "../loops.mjs";

const NAMES = { memory: "buffer", text: "string" };

export async function open({ library }) {
  const { DynamicLibrary, pointer, struct } = await import("../../../dist/ffi/index.js");
  const lib = new DynamicLibrary(library);
  const types = new Map();

  function typeOf(type) {
    if (typeof type === "string") return NAMES[type] ?? type;
    if (type.pointer) return pointer(typeOf(type.pointer), "in");
    if (type.callback) return "function";
    if (!types.has(type.struct)) types.set(type.struct, struct(type.struct, type.fields));
    return types.get(type.struct);
  }

  function call(name) {
    const { parameters, result, errno = false } = FUNCTIONS[name];
    return lib.getFunction(name, {
      arguments: parameters.map(typeOf),
      return: typeOf(result),
      errno,
    });
  }

  return {
    call,
    callback: (listener) =>
      lib.registerCallback({ arguments: LISTENER.parameters, return: LISTENER.result }, listener),
    asyncLoop: (name, count) => asyncLoop(count, call(name).async),
    map(name) {
      const { map } = call(name);
      return (a, b, out) => map([a, b], out);
    },
  };
}
