// Random functions over the types of a batch.
//
//   { name, style, result, parameters, fixed?, hasErrno?, convention?, isLeaf? }
//
// `style` says how JavaScript declares it: "declared" by C source, "constructed" by type objects.
import { chance, createRandom, integer, pick, pickWeighted } from "./random.mjs";
import { makeTypes, measure, scalarNames } from "./types.mjs";

const MAX_PARAMETERS = 40;
/** A call has 512 stack words; alignment takes some of them. */
const MAX_ARGUMENT_BYTES = 3000;
const TYPES_PER_BATCH = 60;
export const TEXT_UNITS = ["char", "char16_t", "char32_t", "wchar_t"];

/**
 * The share of functions to call from optimised code too, which takes V8 as long as all the rest.
 */
const OPTIMISED = 0.5;

/** A batch: what one C source holds. */
export function makeBatch(seed, { count, hasLongDouble, hasWin64, isExtended }) {
  const random = createRandom(seed);
  const types = makeTypes(random, TYPES_PER_BATCH, hasLongDouble);
  const maker = new SignatureMaker(random, types, scalarNames(hasLongDouble), hasWin64);
  const functions = Array.from({ length: count }, (_, index) => maker.make(`f${index}`));
  return { seed, optimised: OPTIMISED, isExtended, types, functions };
}

class SignatureMaker {
  constructor(random, types, scalars, hasWin64) {
    this.random = random;
    this.types = types;
    this.scalars = scalars;
    this.hasWin64 = hasWin64;
    this.aggregates = Object.values(types).filter(({ kind }) => kind === "aggregate");
    this.enums = Object.values(types).filter(({ kind }) => kind === "enum");
  }

  make(name) {
    const { random } = this;
    const count = Math.floor(random() ** 2 * (MAX_PARAMETERS + 1));
    const kind = pickWeighted(random, [
      [82, "plain"],
      [10, "variadic"],
      [this.hasWin64 ? 8 : 0, "win64"],
    ]);
    const isWin64 = kind === "win64";
    const choose = this.#palette(isWin64);
    const made = {
      name,
      style: pick(random, ["declared", "constructed"]),
      result: this.#result(choose),
      parameters: this.#limited(Array.from({ length: count }, choose)),
    };
    if (kind === "variadic" && made.parameters.length > 0) {
      made.fixed = integer(random, 1, made.parameters.length);
      const variable = made.parameters.slice(made.fixed).map(() => this.#variable(made.style));
      made.parameters = this.#limited([...made.parameters.slice(0, made.fixed), ...variable]);
    }
    if (isWin64) made.convention = "win64";
    if (chance(random, 0.1)) made.hasErrno = true;
    if (chance(random, 0.3)) made.isLeaf = true;
    if (made.parameters.some(({ kind }) => kind === "function")) made.isLeaf = false;
    // A type name of node:ffi gives an address for char *, as there.
    if (made.result.kind === "text" && made.result.unit === "char") made.style = "declared";
    if (isWin64) made.parameters = made.parameters.filter(({ kind }) => kind !== "function");
    return made;
  }

  /** As many of the parameters as one call takes. */
  #limited(parameters) {
    let bytes = 0;
    return parameters.filter((type) => {
      bytes += Math.max(measure(this.types, type).size, 8);
      return bytes <= MAX_ARGUMENT_BYTES;
    });
  }

  /** What a function's parameters are chosen from: few types at a time exhaust the registers. */
  #palette(isWin64) {
    const { random } = this;
    const all = () => this.#parameter(isWin64);
    const fixed = Array.from({ length: integer(random, 1, 3) }, all);
    const floats = ["float", "double"].map((name) => ({ kind: "scalar", name }));
    return pickWeighted(random, [
      [5, all],
      [2, () => this.#scalar(isWin64)],
      [2, () => pick(random, fixed)],
      [1, () => pick(random, chance(random, 0.8) ? floats : fixed)],
      [1, () => this.#aggregate(isWin64)],
    ]);
  }

  #parameter(isWin64) {
    return pickWeighted(this.random, [
      [10, () => this.#scalar(isWin64)],
      [6, () => this.#aggregate(isWin64)],
      [1, () => ({ kind: "enum", name: pick(this.random, this.enums).name })],
      [2, () => this.#pointer()],
      [1, () => ({ kind: "text", unit: pick(this.random, TEXT_UNITS) })],
      [0.7, () => this.#function(isWin64)],
    ])();
  }

  #result(choose) {
    const type = choose();
    if (type.kind === "pointer" || type.kind === "function" || chance(this.random, 0.1)) {
      return { kind: "void" };
    }
    return type;
  }

  /** GCC's long double under Microsoft's convention is no type of that convention. */
  #scalar(isWin64) {
    const name = pick(this.random, this.scalars);
    return isWin64 && name === "long double" ? this.#scalar(true) : { kind: "scalar", name };
  }

  #aggregate(isWin64) {
    const { name } = pick(this.random, this.aggregates);
    const type = { kind: "aggregate", name };
    return isWin64 && this.#holdsLongDouble(type) ? this.#scalar(true) : type;
  }

  #holdsLongDouble(type) {
    if (type.kind === "array") return this.#holdsLongDouble(type.element);
    if (type.kind !== "aggregate") return type.name === "long double";
    return this.types[type.name].fields.some((field) => this.#holdsLongDouble(field.type));
  }

  #pointer() {
    const { random } = this;
    const isAggregate = chance(random, 0.5);
    const target = isAggregate
      ? { kind: "aggregate", name: pick(random, this.aggregates).name }
      : this.#pointedScalar();
    return {
      kind: "pointer",
      target,
      count: chance(random, 0.5) ? 1 : integer(random, 1, 5),
      direction: pick(random, ["in", "inout", "out"]),
      form: pick(random, ["list", "memory", isAggregate ? "one" : "list", "null"]),
    };
  }

  /** C's `char *` and its like are text, and `void *` has no elements. */
  #pointedScalar() {
    const type = this.#scalar(false);
    const isSpecial = ["char", "char16_t", "wchar_t"].includes(type.name);
    return isSpecial ? this.#pointedScalar() : type;
  }

  #function(isWin64) {
    const { random } = this;
    const choose = () =>
      pickWeighted(random, [
        [4, () => this.#scalar(isWin64)],
        [2, () => this.#aggregate(isWin64)],
        [1, () => ({ kind: "text", unit: pick(random, TEXT_UNITS) })],
      ])();
    const count = Math.floor(random() ** 2 * 16);
    const result = choose();
    return {
      kind: "function",
      result: result.kind === "text" ? { kind: "void" } : result,
      parameters: Array.from({ length: count }, choose),
      form: pick(random, ["listener", "listener", "registered", "null"]),
    };
  }

  /** What comes after the named parameters: by C's promotions, where the caller does not say. */
  #variable(style) {
    const { random } = this;
    const type = pickWeighted(random, [
      [6, () => this.#scalar(false)],
      [2, () => this.#aggregate(false)],
      [1, () => ({ kind: "text", unit: "char" })],
    ])();
    const isPromoted = type.kind === "scalar" && type.name in PROMOTIONS;
    const isRefused = (style === "constructed" && isPromoted) || this.#breaksGcc(type);
    return isRefused ? this.#variable(style) : type;
  }

  /**
   * GCC 12's `va_arg` moves a union of `long double` and integers from where registers were saved
   * as if that were aligned to 16 bytes: a function called by GCC's own code crashes, too.
   */
  #breaksGcc(type) {
    if (type.kind !== "aggregate" || !this.#holdsLongDouble(type)) return false;
    return measure(this.types, type).size <= 16;
  }
}

/** The default argument promotions (C17 6.5.2.2). */
export const PROMOTIONS = {
  bool: "int",
  char: "int",
  "signed char": "int",
  "unsigned char": "int",
  short: "int",
  "unsigned short": "int",
  int8_t: "int",
  uint8_t: "int",
  int16_t: "int",
  uint16_t: "int",
  char16_t: "int",
  float: "double",
};
