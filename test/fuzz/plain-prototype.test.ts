import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { C_TYPES } from "../../src/ffi/declaration/c-types.js";
import { parseDeclaration } from "../../src/ffi/declaration/declaration.js";
import { readPlainPrototype } from "../../src/ffi/declaration/plain-prototype.js";
import { seed } from "../support/random.js";

/** Words that C or some compiler gives a meaning, and such that only look like it. */
const WORDS = `
  const volatile restrict static inline extern typedef struct union enum auto register noreturn
  typeof alignas asm sizeof bool _Bool __cdecl __stdcall _Nullable __attribute__ __int128 va_list
  _Complex constexpr thread_local a f x1 _private FILE hypot toString __proto__ constructor 1
`
  .trim()
  .split(/\s+/);

describe(`plain prototypes (NEARFAR_SEED=${seed})`, () => {
  const space = rarely(fc.constantFrom("", " ", "\t\n"), fc.constantFrom("/* */", "\u00a0", "\f"));
  const known = fc.constantFrom(...Object.keys(C_TYPES));
  const word = rarely(known, fc.constantFrom(...WORDS));
  const qualifier = fc.constantFrom("", "", "const ");
  const value = fc.tuple(qualifier, word).map((parts) => parts.join(""));
  const pointer = fc
    .tuple(qualifier, rarely(fc.constantFrom("void", "char"), word), fc.constantFrom(" *", "*"))
    .map((parts) => parts.join(""));
  const type = rarely(fc.oneof(value, pointer), fc.constantFrom("int **", "char *const", "void"));
  const name = rarely(fc.constantFrom("f", "x", "value_2"), fc.oneof(fc.constant(""), word));
  const declared = fc.tuple(type, rarely(fc.constant(" "), space), name).map((all) => all.join(""));
  const parameters = fc.array(declared, { maxLength: 3 }).map((list) => list.join(", "));
  const list = rarely(
    parameters,
    fc.constantFrom("void", "", "void x", "const void", "int,", "..."),
  );
  const end = rarely(fc.constantFrom("", ";", " ; "), fc.constantFrom(";;", "{}", ",", "int"));
  const prototype = fc
    .tuple(space, declared, space, list, space, end)
    .map(([before, head, middle, inner, after, last]) => {
      return `${before}${head}${middle}(${inner}${after})${last}`;
    });

  it("are read as the reader of C reads them, or left to it", () => {
    let plain = 0;
    fc.assert(
      fc.property(prototype, (text) => {
        const declaration = readPlainPrototype(text);
        if (declaration === undefined) return;
        plain++;
        expect(declaration).toStrictEqual(parseDeclaration(text));
      }),
      { numRuns: 20_000, seed },
    );
    expect(plain).toBeGreaterThan(2_000);
  });
});

/** Mostly the one, so that a text put together from many is often plain. */
function rarely<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: other });
}
