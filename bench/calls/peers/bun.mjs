// bun:ffi. It has no strings as arguments: its documentation makes a buffer of each.
import { dlopen, JSCallback } from "bun:ffi";
import { FUNCTIONS, LISTENER, takesStruct } from "../functions.mjs";

const NAMES = {
  void: "void",
  bool: "bool",
  int32: "i32",
  uint32: "u32",
  int64: "i64",
  uint64: "u64",
  float64: "f64",
  memory: "ptr",
  text: "ptr",
};

function typeOf(type) {
  return type.callback ? "function" : NAMES[type];
}

export async function open({ library }) {
  return {
    call(name) {
      const { parameters, result } = FUNCTIONS[name];
      const definition = { args: parameters.map(typeOf), returns: typeOf(result) };
      return dlopen(library, { [name]: definition }).symbols[name];
    },
    adapted: (name) => (name === "text_length" ? { call: '(Buffer.from(text + "\\0"))' } : {}),
    missing(name) {
      if (takesStruct(name)) return "no structs";
      return FUNCTIONS[name].errno ? "no errno" : undefined;
    },
    callback(listener) {
      const { parameters, result } = LISTENER;
      return new JSCallback(listener, { args: parameters.map(typeOf), returns: typeOf(result) });
    },
  };
}
