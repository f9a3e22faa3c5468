// Every struct of up to some fields over the scalar types, and every union; of three and more, also
// every union of two aggregates of two fields: by value as the only argument, after others, and as
// a result.
import { isPaddedUnion } from "./padded-unions.mjs";
import { createRandom, integer, pick } from "./random.mjs";
import { roughLayout } from "./types.mjs";

const SCALARS = [
  ...["int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t"],
  ...["float", "double", "void *", "bool", "long double"],
];
/** One of each class that a convention knows, narrow and wide. */
const CLASSES = ["uint8_t", "int64_t", "float", "double", "long double"];
const TYPES_PER_BATCH = 140;
/** Few signatures differ in more than types here. */
const OPTIMISED = 0.05;

/** Batches with all aggregates of 1 to `most` fields. */
export function* exhaustiveBatches(seed, { most, hasLongDouble, isExtended }) {
  const names = SCALARS.filter((name) => hasLongDouble || name !== "long double");
  const all = [...lists(names, most, "struct"), ...lists(names, most, "union")];
  if (most > 2) all.push(...sorted(nested(CLASSES.filter((name) => names.includes(name)))));
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

function nested(names) {
  const inner = [...lists(names, 2, "struct"), ...lists(names, 2, "union")];
  return inner.flatMap((first, index) =>
    inner.slice(index).map((second) => ({ keyword: "union", list: [first, second] })),
  );
}

/** Those that clang gets wrong last, so that they fill batches of their own. */
function sorted(described) {
  const isPadded = (one) => {
    const types = {};
    const { name } = addType(types, "S", one.keyword, one.list);
    return isPaddedUnion(types, types[name]) ? 1 : 0;
  };
  return described.toSorted((first, second) => isPadded(first) - isPadded(second));
}

function makeBatch(seed, described, isExtended) {
  const random = createRandom(seed);
  const types = {};
  const functions = [];
  for (const [index, { keyword, list }] of described.entries()) {
    const type = addType(types, `S${index}`, keyword, list);
    functions.push(makeFunction(random, `f${index}`, [type], type));
    functions.push(makeFunction(random, `g${index}`, [...others(random, type), type, INT], type));
  }
  return { seed, optimised: OPTIMISED, isExtended, types, functions };
}

/** `list`: of scalars by name and of aggregates as they are described. */
function addType(types, name, keyword, list) {
  const fields = list.map((member, field) => ({
    name: `f${field}`,
    type:
      typeof member === "string"
        ? { kind: "scalar", name: member }
        : addType(types, `${name}f${field}`, member.keyword, member.list),
  }));
  const layout = roughLayout(types, fields, keyword === "union");
  types[name] = { kind: "aggregate", name, keyword, fields, ...layout, hasText: false };
  return { kind: "aggregate", name };
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
