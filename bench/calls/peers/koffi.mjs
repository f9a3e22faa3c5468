// koffi 3 by its documentation: prototypes as signatures, registered callbacks, asynchronous calls
// by callback, and its queue of asynchronous calls as long as it lets it be.
import koffi from "koffi";
import { FUNCTIONS, LISTENER } from "../functions.mjs";
import { callbackLoop } from "../loops.mjs";

const NAMES = {
  memory: "void *",
  text: "const char *",
  float64: "double",
  bool: "bool",
  void: "void",
};
/** The most that it accepts; by default it is 256 calls and 8 sets of memory for them. */
const ASYNC_LIMITS = { max_async_calls: 4096, resident_async_pools: 32 };

export async function open({ library }) {
  koffi.config(ASYNC_LIMITS);
  const lib = koffi.load(library);
  const structs = new Map();
  const listener = koffi.proto(
    "Listener",
    typeOf(LISTENER.result),
    LISTENER.parameters.map(typeOf),
  );

  function typeOf(type) {
    if (typeof type === "string") return NAMES[type] ?? `${type}_t`;
    if (type.pointer) return koffi.pointer(typeOf(type.pointer));
    if (type.callback) return koffi.pointer(listener);
    if (!structs.has(type.struct)) {
      const fields = Object.entries(type.fields).map(([name, field]) => [name, typeOf(field)]);
      structs.set(type.struct, koffi.struct(type.struct, Object.fromEntries(fields)));
    }
    return structs.get(type.struct);
  }

  function call(name) {
    const { parameters, result } = FUNCTIONS[name];
    return lib.func(name, typeOf(result), parameters.map(typeOf));
  }

  return {
    call,
    adapted: (name) =>
      name === "fail_with" ? { use: "result + errno()", values: { errno: koffi.errno } } : {},
    callback: (f) => koffi.register(f, koffi.pointer(listener)),
    asyncLoop: (name, count) => callbackLoop(count, call(name).async),
  };
}
