// ffi-rs: arguments as one array; numbers of 64 bits come back as numbers or bigints by type.
import { createRequire } from "node:module";
import { FUNCTIONS } from "../functions.mjs";
import { asyncLoop } from "../loops.mjs";

const { DataType, define, FFITypeTag, open: load } = createRequire(import.meta.url)("ffi-rs");

const NAMES = {
  void: DataType.Void,
  bool: DataType.Boolean,
  int32: DataType.I32,
  uint32: DataType.U32,
  int64: DataType.BigInt,
  uint64: DataType.U64,
  float64: DataType.Double,
  memory: DataType.U8Array,
  text: DataType.String,
};

function typeOf(type) {
  if (typeof type === "string") return NAMES[type];
  const { fields } = type.pointer ?? type;
  const converted = Object.entries(fields).map(([name, field]) => [name, typeOf(field)]);
  const struct = Object.fromEntries(converted);
  return type.pointer ? struct : { ...struct, ffiTypeTag: FFITypeTag.StackStruct };
}

export async function open({ library: path }) {
  load({ library: "calls", path });

  function callWith(name, options) {
    const { parameters, result } = FUNCTIONS[name];
    const signature = {
      library: "calls",
      retType: typeOf(result),
      paramsType: parameters.map(typeOf),
      ...options,
    };
    const call = define({ [name]: signature })[name];
    return (...args) => call(args);
  }

  return {
    call: (name) => callWith(name, { errno: FUNCTIONS[name].errno ?? false }),
    adapted(name) {
      const buffers = { bytes: Buffer.from("Hello, World!"), cell: Buffer.alloc(4) };
      if (name === "fail_with") return { use: "result.value + result.errnoCode" };
      if (name === "last_byte") return { values: buffers };
      if (name === "halve") return { values: buffers, use: "result + cell.readInt32LE(0)" };
      return {};
    },
    missing: (name) => (name === "sum_called" ? "its callbacks run after the call" : undefined),
    asyncLoop: (name, count) => asyncLoop(count, callWith(name, { runInNewThread: true })),
  };
}
