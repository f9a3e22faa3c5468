// node:ffi of Node 26.
import ffi from "node:ffi";
import { FUNCTIONS, LISTENER, takesStruct } from "../functions.mjs";

const NAMES = { memory: "buffer", text: "string" };

function typeOf(type) {
  if (type.callback) return "function";
  return NAMES[type] ?? type;
}

export async function open({ library }) {
  const lib = new ffi.DynamicLibrary(library);
  return {
    call(name) {
      const { parameters, result } = FUNCTIONS[name];
      return lib.getFunction(name, { arguments: parameters.map(typeOf), return: typeOf(result) });
    },
    // It refuses true and false.
    adapted: (name) => (name === "invert" ? { call: "((i & 1) === 0 ? 1 : 0)" } : {}),
    missing(name) {
      if (takesStruct(name)) return "no structs";
      return FUNCTIONS[name].errno ? "no errno" : undefined;
    },
    callback: (listener) =>
      lib.registerCallback({ arguments: LISTENER.parameters, return: LISTENER.result }, listener),
  };
}
