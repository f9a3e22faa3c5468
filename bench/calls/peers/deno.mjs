// Deno.dlopen. Structs are bytes, which the caller packs; strings have to be encoded.
import { FUNCTIONS, LISTENER } from "../functions.mjs";
import { asyncLoop } from "../loops.mjs";

const NAMES = {
  void: "void",
  bool: "bool",
  int32: "i32",
  uint32: "u32",
  int64: "i64",
  uint64: "u64",
  float64: "f64",
  memory: "buffer",
  text: "buffer",
};

function typeOf(type) {
  if (typeof type === "string") return NAMES[type];
  if (type.callback) return "function";
  return { struct: Object.values(type.fields).map(typeOf) };
}

/** A struct of doubles, and the bytes of it. */
function packed(fields) {
  const struct = new Float64Array(fields).fill(1);
  return { struct, packed: new Uint8Array(struct.buffer) };
}

export async function open({ library }) {
  function callWith(name, options) {
    const { parameters, result } = FUNCTIONS[name];
    const definition = { parameters: parameters.map(typeOf), result: typeOf(result), ...options };
    return Deno.dlopen(library, { [name]: definition }).symbols[name];
  }

  function adapted(name) {
    if (name === "text_length") {
      return { call: '(encoder.encode(text + "\\0"))', values: { encoder: new TextEncoder() } };
    }
    const [parameter] = FUNCTIONS[name].parameters;
    if (parameter?.struct === undefined) return {};
    const call = "((struct[0] = i & 1023, packed))";
    const values = packed(Object.keys(parameter.fields).length);
    if (name !== "turn") return { call, values };
    return { call, values, use: "new Float64Array(result.buffer).reduce((a, b) => a + b)" };
  }

  return {
    call: (name) => callWith(name, {}),
    adapted,
    missing(name) {
      if (name === "box_size") return "no pointers to structs, but to bytes";
      return FUNCTIONS[name].errno ? "no errno" : undefined;
    },
    callback(listener) {
      const { parameters, result } = LISTENER;
      const definition = { parameters: parameters.map(typeOf), result: typeOf(result) };
      return new Deno.UnsafeCallback(definition, listener).pointer;
    },
    asyncLoop: (name, count) => asyncLoop(count, callWith(name, { nonblocking: true })),
  };
}
