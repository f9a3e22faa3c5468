// The cases that grow: by number of arguments, length of a string, size of a struct, payload.
import {
  ARGUMENT_COUNTS,
  fieldNames,
  STRUCT_SIZES,
  structName,
  sumName,
} from "./sweep-functions.mjs";

const TEXT_LENGTHS = [1, 13, 48, 256, 1024, 4096];
const PAYLOADS = [64, 1024, 16 * 1024, 256 * 1024, 4 * 1024 ** 2, 64 * 1024 ** 2];

/** What grows, as the axis of a chart says it. */
export const AXES = {
  "int32 arguments": "arguments",
  "double arguments": "arguments",
  "string length": "characters",
  "struct size": "bytes",
  payload: "bytes",
};

const sweep = (name, sizes, makeCase) =>
  sizes.map((size) => [`${name}: ${size}`, { kind: "call", sweep: name, size, ...makeCase(size) }]);

function argumentsCase(type, count) {
  const list = Array.from({ length: count }, (_, index) => (index === 0 ? "i & 1023" : "1"));
  return {
    function: sumName(type, count),
    call: `(${list.join(", ")})`,
    use: "result",
    values: () => ({}),
  };
}

function structCase(bytes) {
  const fields = fieldNames(bytes).map((name, index) => `${name}: ${index === 0 ? "i & 1023" : 1}`);
  return {
    function: `sum_${structName(bytes)}`,
    call: `({ ${fields.join(", ")} })`,
    use: "result",
    values: () => ({}),
  };
}

export const SWEEPS = Object.fromEntries([
  ...sweep("int32 arguments", ARGUMENT_COUNTS, (count) => argumentsCase("int32", count)),
  ...sweep("double arguments", ARGUMENT_COUNTS, (count) => argumentsCase("float64", count)),
  ...sweep("string length", TEXT_LENGTHS, (length) => ({
    function: "text_length",
    call: "(text)",
    use: "result",
    // In one piece, as strings from files and literals are; "x".repeat() would leave it in many.
    values: () => ({ text: Buffer.alloc(length, "x").toString("latin1") }),
  })),
  ...sweep("struct size", STRUCT_SIZES, structCase),
  ...sweep("payload", PAYLOADS, (length) => ({
    function: "sum_bytes",
    call: `(bytes, ${length})`,
    use: "Number(result)",
    values: () => ({ bytes: new Uint8Array(length).fill(1) }),
  })),
]);
