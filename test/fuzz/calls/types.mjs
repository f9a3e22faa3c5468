// The types of the generated signatures.
//
//   declare   how C writes a parameter
//   spec      what a signature object says; without it the function is declared by a prototype
//   see       statements that observe the parameter
//   samples   values that the type takes, made anew for each call
//   shuns     kinds of hostile values that would have C look at what is not there
//   give      how C makes a result; without it the type is no result
import { chance, integer, pick } from "../../conformance/generate/random.mjs";

const number = (random) => pick(random, [0, 1, 7, 100, chance(random, 0.2) ? 200 : 3]);
const wide = (random) => pick(random, [0n, 1n, 5, 2n ** 40n, 2 ** 40, 77n]);
const real = (random) => pick(random, [0, -0, 0.5, -1e300, Number.NaN, 1e-310, 3]);
const text = (random) =>
  pick(random, ["", "abc", "x".repeat(60), "é".repeat(80), "🌍", "\ud800", "y".repeat(3000)]);
const textOrNull = (random) => (chance(random, 0.2) ? null : text(random));
const point = (random, { Point }) =>
  pick(random, [
    () => ({ x: 1.5, y: -2 }),
    () => Object.assign(Point.view(), { x: 2.5, y: 3 }),
    () => Object.freeze({ x: -0, y: 0 }),
    () => Object.assign(Object.create({ y: 9 }), { x: 1 }),
  ])();
const named = (random, kit) => ({
  name: textOrNull(random),
  size: integer(random, 0, 9),
  colors: pick(random, [[1, 2, 3, 4, 5], new Uint8Array([9, 8, 7, 6, 5])]),
  point: point(random, kit),
});
const large = () => ({ numbers: Array.from({ length: 40 }, (_, at) => at), total: 0.5 });
const bytes = (random) =>
  pick(random, [Buffer.alloc(16, 3), new Uint8Array(64), new Uint32Array(8)]);
const memory = (random) => (chance(random, 0.2) ? null : bytes(random));

const scalar = (c, samples, spec) => ({
  declare: (name) => `${c} ${name}`,
  spec: spec === undefined ? undefined : () => spec,
  // A long double's last six bytes are nobody's.
  see: (name) => `see(&${name}, ${c === "long double" ? 10 : `sizeof ${name}`});`,
  samples,
  shuns: [],
  give: /float|double/.test(c) ? "number()" : `(${c})digest`,
});

const texts = (c, unit) => ({
  declare: (name) => `const ${c} *${name}`,
  see: (name) => `see_text(${name}, ${unit});`,
  samples: unit === "1" ? text : textOrNull,
  shuns: [],
  give: unit === "1" ? "make_text()" : undefined,
});

const byValue = (c, samples, spec) => ({
  declare: (name) => `${c} ${name}`,
  spec,
  see: (name) => `see_${c.split(" ")[1]}(&${name});`,
  samples,
  shuns: [],
  give: c === "struct point" ? "make_point()" : undefined,
});

/** C looks at one element: there has to be one, and no text. */
const pointerTo = (c, samples, see, { spec, write = "", isConst = false } = {}) => ({
  declare: (name) => `${isConst ? "const " : ""}${c} *${name}`,
  spec,
  see: (name) => see.replaceAll("$", name) + write.replaceAll("$", name),
  samples,
  shuns: ["empty"],
});

const address = (spec, samples, see = "see_presence($);", shuns = []) => ({
  declare: (name) => `void *${name}`,
  spec: () => spec,
  see: (name) => see.replaceAll("$", name),
  samples,
  shuns,
});

const functionPointer = (name, call, result) => ({
  declare: (parameter) => `${name} ${parameter}`,
  see: (parameter) =>
    `see_presence(${parameter}); if (${parameter} != NULL) { ${call.replaceAll("$", parameter)} }`,
  samples: (random, kit) => (chance(random, 0.1) ? null : kit.listener(random, result)),
  shuns: ["address"],
});

const pointed = (one) => (random, kit) =>
  pick(random, [() => one(random, kit), () => [one(random, kit), one(random, kit)], () => null])();
const list = (values) => (random) =>
  pick(random, [() => [...values], () => null, () => Object.freeze([...values])])();

export const KINDS = {
  ...Object.fromEntries(
    ["int8", "uint8", "int16", "uint16", "int32", "uint32"].flatMap((name) => [
      [name, scalar(`${name}_t`, number, name)],
      [`declared ${name}`, scalar(`${name}_t`, number)],
    ]),
  ),
  int64: scalar("int64_t", wide, "int64"),
  uint64: scalar("uint64_t", wide, "uint64"),
  long: scalar("long", wide),
  "unsigned long": scalar("unsigned long", wide),
  size_t: scalar("size_t", number, "size"),
  char: scalar("char", number, "char"),
  bool: scalar("bool", (random) => chance(random, 0.5)),
  // Any byte but 0 and 1 would be no value of C's bool.
  flag: { ...scalar("uint8_t", (random) => pick(random, [true, false, 0, 1])), spec: () => "bool" },
  float: scalar("float", real, "float32"),
  double: scalar("double", real, "float64"),
  "long double": scalar("long double", real),
  wchar_t: scalar("wchar_t", number),
  level: scalar("enum level", (random) => pick(random, ["LOW", "HIGH", 7, 0])),
  text: texts("char", "1"),
  text16: texts("char16_t", "2"),
  text32: texts("char32_t", "4"),
  wide: texts("wchar_t", "sizeof(wchar_t)"),
  point: byValue("struct point", point, ({ Point }) => Point),
  pair: byValue("struct pair", () => ({ a: 0.5, b: 1 })),
  named: byValue("struct named", named),
  large: byValue("struct large", large, ({ Large }) => Large),
  either: byValue("union either", (random) =>
    pick(random, [{ number: 1 }, { integer: 4n }, { integer: 9 }]),
  ),
  pointer: address("pointer", (random) => pick(random, [null, 1n, "text", bytes(random)])),
  buffer: address("buffer", memory, "if (see_at($, 8)) copy($, &digest, 8);", ["empty", "text"]),
  string: address("string", textOrNull, "see_text($, 1);", ["empty", "memory"]),
  arraybuffer: address("arraybuffer", (random) => bytes(random).buffer),
  function: address("function", () => 5n),
  "point *": pointerTo("struct point", pointed(point), "see_presence($);", {
    write: "{ const struct point p = make_point(); copy(&$->x, &p.x, 8); copy(&$->y, &p.y, 2); }",
  }),
  "const point *": pointerTo("struct point", pointed(point), "see_at($, 10);", { isConst: true }),
  "out point *": pointerTo("struct point", pointed(point), "see_at($, 10);", {
    spec: ({ ffi, Point }) => ffi.pointer(Point, "out"),
    write: "{ const double x = number(); copy(&$->x, &x, 8); }",
  }),
  "const named *": pointerTo("struct named", pointed(named), "see_at(&$->size, 13);", {
    isConst: true,
  }),
  "int32 *": pointerTo("int32_t", list([1, 2, 3]), "see_at($, 4);", {
    spec: ({ ffi }) => ffi.pointer("int32"),
    write: "copy($, &digest, 4);",
  }),
  "in double *": pointerTo("double", list([0.5, -0]), "see_at($, 8);", {
    spec: ({ ffi }) => ffi.pointer("double", "in"),
  }),
  "texts *": pointerTo("const char *", list(["one", null]), "see_at($, 0);", {
    spec: ({ ffi }) => ffi.pointer("string", "in"),
  }),
  small_function: functionPointer(
    "small_function",
    "int8_t r = $(7, 0.5); see(&r, 1); r = $(8, -0.0); see(&r, 1);",
    "int8",
  ),
  point_function: functionPointer(
    "point_function",
    "struct point r = $(make_point()); see_point(&r);",
    "point",
  ),
  text_function: functionPointer("text_function", "$(make_text());", "void"),
};
