// Functions of growing signatures: their descriptions, and the C source of all of them.

export const ARGUMENT_COUNTS = [0, 1, 2, 4, 6, 8, 16, 32];
export const STRUCT_SIZES = [8, 16, 64, 128, 200];
const FIELD_BYTES = 8;

const C_TYPES = { int32: "int32_t", float64: "double" };

export const sumName = (type, count) => `sum_${type}_${count}`;
export const structName = (bytes) => `struct_${bytes}`;
export const fieldNames = (bytes) => Array.from({ length: bytes / FIELD_BYTES }, (_, i) => `f${i}`);

export const SWEPT_FUNCTIONS = {
  ...Object.fromEntries(
    Object.keys(C_TYPES).flatMap((type) =>
      ARGUMENT_COUNTS.map((count) => [
        sumName(type, count),
        { parameters: Array(count).fill(type), result: type },
      ]),
    ),
  ),
  ...Object.fromEntries(
    STRUCT_SIZES.map((bytes) => {
      const fields = Object.fromEntries(fieldNames(bytes).map((name) => [name, "float64"]));
      const struct = { struct: structName(bytes), fields };
      return [`sum_${structName(bytes)}`, { parameters: [struct], result: "float64" }];
    }),
  ),
};

export function sweptSource() {
  const sums = Object.entries(C_TYPES).flatMap(([type, c]) =>
    ARGUMENT_COUNTS.map((count) => {
      const names = Array.from({ length: count }, (_, index) => `a${index}`);
      const list = names.map((name) => `${c} ${name}`).join(", ") || "void";
      return `${c} ${sumName(type, count)}(${list}) { return ${names.join(" + ") || 0}; }`;
    }),
  );
  const structs = STRUCT_SIZES.map((bytes) => {
    const name = structName(bytes);
    const fields = fieldNames(bytes);
    const sum = fields.map((field) => `s.${field}`).join(" + ");
    return `struct ${name} { double ${fields.join(", ")}; };
double sum_${name}(struct ${name} s) { return ${sum}; }`;
  });
  return ["#include <stdint.h>", ...sums, ...structs, ""].join("\n");
}
