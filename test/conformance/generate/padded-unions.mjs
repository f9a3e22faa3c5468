// What clang gets wrong in calls between its own functions (llvm/llvm-project#83388): of a union in
// SSE registers it passes what one member has there, a float, and loses another's bytes beside it.
import { measure } from "./types.mjs";

const EIGHTBYTES = [0, 8];
const EIGHT = 8;
const FLOAT_BYTES = 4;
const MAX_BYTES_IN_REGISTERS = 16;

/** Whether clang loses bytes of one of a batch's types. */
export function hasPaddedUnion(types) {
  return Object.values(types).some((type) => isPaddedUnion(types, type));
}

export function isPaddedUnion(types, { keyword, fields, name }) {
  if (
    keyword !== "union" ||
    measure(types, { kind: "aggregate", name }).size > MAX_BYTES_IN_REGISTERS
  ) {
    return false;
  }
  const members = fields.map(({ type }) => ({
    size: measure(types, type).size,
    scalars: scalarsOf(types, type, 0),
  }));
  return EIGHTBYTES.some((start) => {
    const here = ({ from, to }) => from < start + EIGHT && start < to;
    const upper = ({ to }) => to > start + FLOAT_BYTES;
    const isSse = ({ name }) => name === "float" || name === "double";
    const inside = members.map(({ size, scalars }) => ({ size, scalars: scalars.filter(here) }));
    if (!inside.every(({ scalars }) => scalars.every(isSse))) return false;
    const isLone = ({ size, scalars }) =>
      size >= start + EIGHT && scalars.length > 0 && !scalars.some(upper);
    return inside.some(isLone) && inside.some(({ scalars }) => scalars.some(upper));
  });
}

/** Each with the bytes that it covers. */
function scalarsOf(types, type, at) {
  switch (type.kind) {
    case "array": {
      const { size } = measure(types, type.element);
      return Array.from({ length: type.length }, (_, index) =>
        scalarsOf(types, type.element, at + index * size),
      ).flat();
    }
    case "aggregate":
      return fieldsOf(types, types[type.name], at);
    default:
      return [{ name: type.name, from: at, to: at + measure(types, type).size }];
  }
}

function fieldsOf(types, { keyword, fields, isPacked }, at) {
  let end = at;
  return fields.flatMap(({ type, aligned = 1 }) => {
    const { size, alignment } = measure(types, type);
    const step = isPacked ? 1 : Math.max(alignment, aligned);
    const from = keyword === "union" ? at : Math.ceil(end / step) * step;
    end = from + size;
    return scalarsOf(types, type, from);
  });
}
