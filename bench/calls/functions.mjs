// The functions of library.c in words that each peer translates into its own. A type is a name, or
// `{ struct, fields }`, `{ pointer: struct }`, `{ callback: { parameters, result } }`.
import { SWEPT_FUNCTIONS } from "./sweep-functions.mjs";

const PAIR = { struct: "pair", fields: { x: "float64", y: "float64" } };
const BOX = {
  struct: "box",
  fields: { id: "int32", count: "int32", width: "float64", height: "float64" },
};
export const LISTENER = { parameters: ["int32"], result: "int32" };

export const FUNCTIONS = {
  no_op: { parameters: [], result: "void" },
  add_int32: { parameters: ["int32", "int32"], result: "int32" },
  add_float64: { parameters: ["float64", "float64"], result: "float64" },
  sum_six: { parameters: Array(6).fill("uint32"), result: "uint32" },
  add_int64: { parameters: ["int64", "int64"], result: "int64" },
  invert: { parameters: ["bool"], result: "bool" },
  last_byte: { parameters: ["memory", "uint32"], result: "uint32" },
  text_length: { parameters: ["text"], result: "uint32" },
  turn: { parameters: [PAIR], result: PAIR },
  box_size: { parameters: [{ pointer: BOX }], result: "float64" },
  halve: { parameters: ["int32", "memory"], result: "int32" },
  fail_with: { parameters: ["int32"], result: "int32", errno: true },
  sum_called: { parameters: [{ callback: LISTENER }, "int32"], result: "int32" },
  add_columns: { parameters: ["memory", "memory", "memory", "uint32"], result: "void" },
  sum_bytes: { parameters: ["memory", "uint32"], result: "uint64" },
  ...SWEPT_FUNCTIONS,
};

/** Whether a peer without structs cannot call the function. */
export function takesStruct(name) {
  const { parameters, result } = FUNCTIONS[name];
  return [...parameters, result].some((type) => type.struct !== undefined || type.pointer);
}
