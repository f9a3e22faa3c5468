// Random types, as plain data: what is written to JSON, compiled, called and shrunk.
//
//   { kind: "scalar", name }                          a key of KINDS
//   { kind: "enum" | "aggregate", name }              a key of the batch's `types`
//   { kind: "array", element, length }                in fields only
//   { kind: "text", unit }                            a NUL-terminated string of char, char16_t, ...
//   { kind: "pointer", target, count, direction }     parameters only, as is
//   { kind: "function", result, parameters }          a function pointer that C calls
//   { kind: "void" }
//
// `types` holds { kind: "enum", name, members } and
// { kind: "aggregate", name, keyword, fields: [{ name, type, bits?, isAnonymous?, aligned? }],
// isPacked?, aligned?, size, hasText } where later ones may contain earlier ones.
import { KINDS } from "./kinds.mjs";
import { chance, integer, pick, pickWeighted } from "./random.mjs";

const MAX_BYTES = 200;
const ENUMS = [
  { none: "0", some: "1", many: "7" },
  { below: "-2147483648", zero: "0", above: "2147483647" },
  { low: "1", high: "4294967295" },
  { low: "-1", huge: "9223372036854775807" },
];
const BIT_FIELD_TYPES = ["unsigned int", "int", "unsigned char", "unsigned long long", "bool"];

/** Scalars by name; not every target has all. */
export function scalarNames(hasLongDouble) {
  return Object.keys(KINDS).filter((name) => hasLongDouble || name !== "long double");
}

/** The types of a batch: enums, then aggregates. */
export function makeTypes(random, count, hasLongDouble) {
  const types = {};
  for (const [index, members] of ENUMS.entries()) {
    types[`E${index}`] = { kind: "enum", name: `E${index}`, members: renamed(members, index) };
  }
  const maker = new AggregateMaker(random, types, scalarNames(hasLongDouble));
  for (let index = 0; index < count; index++) types[`S${index}`] = maker.make(`S${index}`);
  return types;
}

/** Enumerators share one name space in C. */
function renamed(members, index) {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`${name}${index}`, value]),
  );
}

/** Bytes and alignment, near enough to keep within limits: C's own are compared elsewhere. */
export function measure(types, type) {
  switch (type.kind) {
    case "scalar":
      if (type.name === "long double") return { size: 16, alignment: 16 };
      return { size: KINDS[type.name].bytes, alignment: KINDS[type.name].bytes };
    case "array": {
      const { size, alignment } = measure(types, type.element);
      return { size: size * type.length, alignment };
    }
    case "aggregate":
      return types[type.name];
    default:
      return { size: 8, alignment: 8 };
  }
}

class AggregateMaker {
  constructor(random, types, scalars) {
    this.random = random;
    this.types = types;
    this.scalars = scalars;
  }

  make(name) {
    const { random } = this;
    for (;;) {
      const made = this.#attempt(name, pickWeighted(random, SHAPES));
      if (made.size > 0 && made.size <= MAX_BYTES) return made;
    }
  }

  #attempt(name, { most, scalars, nests }) {
    const { random, types } = this;
    const isUnion = chance(random, 0.2);
    const names = scalars ?? this.scalars;
    const uniform = scalars && chance(random, 0.5) ? pick(random, names) : undefined;
    const isAligned = chance(random, 0.08);
    const fields = Array.from({ length: integer(random, 1, most) }, (_, index) => {
      const type = uniform ? { kind: "scalar", name: uniform } : this.#field(names, nests, isUnion);
      const field = { name: `${name.toLowerCase()}f${index}`, type };
      // Of a struct's own alignment its size would be a multiple, of a field's it is not.
      const isOwn = isAligned && type.kind === "scalar" && chance(random, 0.5);
      return isOwn ? { ...field, aligned: pick(random, [8, 16, 16, 32]) } : field;
    });
    if (nests && chance(random, 0.15)) this.#addAnonymous(fields);
    if (!scalars && !isUnion && chance(random, 0.12)) this.#addBits(fields, name);
    const made = { kind: "aggregate", name, keyword: isUnion ? "union" : "struct", fields };
    if (!isUnion && chance(random, 0.1)) made.isPacked = true;
    const least = chance(random, 0.06) ? pick(random, [16, 32]) : 1;
    if (least > 1) made.aligned = least;
    const hasText = fields.some(({ type }) => holdsText(types, type));
    return { ...made, ...roughLayout(types, fields, isUnion, least), hasText };
  }

  #field(names, nests, isUnion) {
    const { random, types } = this;
    const scalar = { kind: "scalar", name: pick(random, names) };
    if (!nests) return chance(random, 0.15) ? this.#array(scalar) : scalar;
    return pickWeighted(random, [
      [8, () => scalar],
      [2, () => this.#array(scalar)],
      [1, () => this.#array(this.#array(scalar))],
      [1, () => this.#array({ kind: "scalar", name: "char" })],
      [1, () => ({ kind: "enum", name: `E${integer(random, 0, ENUMS.length - 1)}` })],
      [3, () => this.#known(isUnion) ?? scalar],
      [1, () => this.#arrayOfKnown(isUnion) ?? scalar],
      // What a union's member points to only its reader can know.
      [isUnion ? 0 : 0.6, () => ({ kind: "text", unit: "char" })],
    ])(types);
  }

  #array(element) {
    return { kind: "array", element, length: integer(this.random, 1, 5) };
  }

  #known(isUnion) {
    const known = Object.values(this.types).filter(
      ({ kind, size, hasText }) => kind === "aggregate" && size <= 64 && !(isUnion && hasText),
    );
    return known.length === 0
      ? undefined
      : { kind: "aggregate", name: pick(this.random, known).name };
  }

  #arrayOfKnown(isUnion) {
    const element = this.#known(isUnion);
    return element && this.#array(element);
  }

  /** At most one, so that its fields' names occur once. */
  #addAnonymous(fields) {
    const type = this.#known(true);
    const used = new Set(fields.map((field) => field.type.name));
    if (type === undefined || used.has(type.name) || this.types[type.name].aligned) return;
    const inner = this.types[type.name];
    if (inner.fields.some(({ isAnonymous }) => isAnonymous)) return;
    fields.splice(integer(this.random, 0, fields.length), 0, { type, isAnonymous: true });
  }

  #addBits(fields, name) {
    const { random } = this;
    const count = integer(random, 1, 4);
    const list = Array.from({ length: count }, (_, index) => {
      const type = pick(random, BIT_FIELD_TYPES);
      const bits = integer(random, 1, type === "bool" ? 1 : KINDS[type].bytes * 8 - 1);
      return { name: `${name.toLowerCase()}b${index}`, type: { kind: "scalar", name: type }, bits };
    });
    fields.splice(integer(random, 0, fields.length), 0, ...list);
  }
}

/** What aggregates are like: small ones, which go in registers, deserve most of the attention. */
const SHAPES = [
  [4, { most: 4, nests: false }],
  [2, { most: 5, scalars: ["float", "double"], nests: false }],
  [1, { most: 8, scalars: ["uint8_t", "char", "int16_t"], nests: false }],
  [1, { most: 3, scalars: ["float", "int32_t"], nests: false }],
  [4, { most: 10, nests: true }],
];

export function roughLayout(types, fields, isUnion, least = 1) {
  let size = 0;
  let alignment = least;
  for (const { type, aligned = 1 } of fields) {
    const field = measure(types, type);
    const start = Math.max(field.alignment, aligned);
    size = isUnion ? Math.max(size, field.size) : roundUp(size, start) + field.size;
    alignment = Math.max(alignment, start);
  }
  return { size: roundUp(size, alignment), alignment };
}

function roundUp(size, alignment) {
  return Math.ceil(size / alignment) * alignment;
}

function holdsText(types, type) {
  if (type.kind === "array") return holdsText(types, type.element);
  if (type.kind === "aggregate") return types[type.name].hasText;
  return type.kind === "text";
}

/** Whether a value of the type is read as a view: it is a union, or has an anonymous one. */
export function isReadAsView(types, type) {
  if (type.kind !== "aggregate") return false;
  const { keyword, fields } = types[type.name];
  if (keyword === "union") return true;
  return fields.some((field) => field.isAnonymous && isReadAsView(types, field.type));
}
