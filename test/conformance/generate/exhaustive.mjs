// Every struct of up to some fields over the scalar types, and every union: by value as the only
// argument, after others, and as a result.
import { createRandom, integer, pick } from "./random.mjs";

const SCALARS = [
  ...["int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t"],
  ...["float", "double", "void *", "bool", "long double"],
];
const TYPES_PER_BATCH = 140;
/** Few signatures differ in more than types here. */
const OPTIMISED = 0.05;

/** Batches with all aggregates of 1 to `most` fields. */
export function* exhaustiveBatches(seed, { most, hasLongDouble, isExtended }) {
  const names = SCALARS.filter((name) => hasLongDouble || name !== "long double");
  const all = [...lists(names, most, "struct"), ...lists(names, most, "union")];
  for (let start = 0; start < all.length; start += TYPES_PER_BATCH) {
    yield makeBatch(seed + start, all.slice(start, start + TYPES_PER_BATCH), isExtended);
  }
}

/** Of a union's members the order means nothing. */
function lists(names, most, keyword) {
  let current = [[]];
  const found = [];
  for (let length = 1; length <= most; length++) {
    current = current.flatMap((list) =>
      names
        .filter((name) => keyword === "struct" || list.every((other) => other <= name))
        .map((name) => [...list, name]),
    );
    found.push(...current.map((list) => ({ keyword, list })));
  }
  return found;
}

function makeBatch(seed, described, isExtended) {
  const random = createRandom(seed);
  const types = {};
  const functions = [];
  for (const [index, { keyword, list }] of described.entries()) {
    const name = `S${index}`;
    const fields = list.map((scalar, field) => ({
      name: `f${field}`,
      type: { kind: "scalar", name: scalar },
    }));
    types[name] = { kind: "aggregate", name, keyword, fields, hasText: false };
    const type = { kind: "aggregate", name };
    functions.push(makeFunction(random, `f${index}`, [type], type));
    functions.push(makeFunction(random, `g${index}`, [...others(random, type), type, INT], type));
  }
  return { seed, optimised: OPTIMISED, isExtended, types, functions };
}

const INT = { kind: "scalar", name: "int" };
const DOUBLE = { kind: "scalar", name: "double" };

/** Enough to leave some registers, or none. */
function others(random, type) {
  const palette = pick(random, [[INT], [DOUBLE], [INT, DOUBLE], [INT, DOUBLE, type], [type]]);
  return Array.from({ length: integer(random, 1, 9) }, () => pick(random, palette));
}

function makeFunction(random, name, parameters, result) {
  return { name, style: pick(random, ["declared", "constructed"]), result, parameters };
}
