// Signature objects: spellings, defaults and faults.
import ffi from "node:ffi";
import { differs, library, show } from "./support.mjs";

/** Each in a handle of its own: a handle gives a symbol one signature. */
const resolve = (name, signature) => new ffi.DynamicLibrary(library).getFunction(name, signature);

const spellings = {
  echo_int8: ["int8", "i8"],
  echo_uint8: ["uint8", "u8", "bool"],
  echo_int16: ["int16", "i16"],
  echo_uint16: ["uint16", "u16"],
  echo_int32: ["int32", "i32"],
  echo_uint32: ["uint32", "u32"],
  echo_int64: ["int64", "i64"],
  echo_uint64: ["uint64", "u64"],
  echo_float32: ["float32", "f32", "float"],
  echo_float64: ["float64", "f64", "double"],
  echo_pointer: ["pointer", "ptr", "string", "str", "buffer", "arraybuffer", "function"],
};
for (const [name, types] of Object.entries(spellings)) {
  for (const type of types) {
    const value = /pointer|64/.test(name) && !name.includes("float") ? 5n : 1;
    show(`${name} ${type}`, () => resolve(name, { arguments: [type], return: type })(value));
  }
}
const faults = {
  "an array": [],
  "a string": "int32",
  "unknown argument": { arguments: ["int33"] },
  "unknown return": { return: "int33" },
  "void argument": { arguments: ["void"] },
  "upper case": { arguments: ["INT32"] },
  "inherited name": { return: "constructor" },
  "arguments not an array": { arguments: "int32" },
  "arguments null": { arguments: null },
  "argument not a string": { arguments: [5] },
  "return null": { return: null },
  "return not a string": { return: 5 },
  "a hole": { arguments: new Array(2) },
};
for (const [label, signature] of Object.entries(faults)) {
  show(label, () => resolve("add_i32", signature));
}
differs("undefined parts", "undefined parts", () =>
  resolve("count_call", { arguments: undefined, return: undefined })(),
);
for (const extra of [{ result: "int32" }, { parameters: ["int32"] }, { returns: "int32" }]) {
  differs("unknown properties", `with ${Object.keys(extra)}`, () => resolve("add_i32", extra));
}
show("getters in a signature", () =>
  resolve("add_i32", {
    get arguments() {
      return ["int32", "int32"];
    },
    get return() {
      return "int32";
    },
  })(20, 22),
);
