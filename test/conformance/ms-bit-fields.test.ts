import { describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../src/ffi/index.js";
import { writeBits } from "../../src/ffi/types/bit-values.js";
import { layOut, type Member } from "../../src/ffi/types/layout.js";
import { resolveType } from "../../src/ffi/types/type-names.js";
import { compileSource } from "../support/compile.js";
import { createRandom, seed } from "../support/random.js";

/**
 * Microsoft's bit-fields, which GCC and Clang lay out on request on x86 systems: random structs of
 * bit-fields and integers, their sizes, and the bytes of each bit-field set to all ones.
 */
const structCount = 400;
const types = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"] as const;
const random = createRandom(seed);
const below = (limit: number) => Math.floor(random() * limit);

const structs = Array.from({ length: structCount }, () =>
  Array.from({ length: 1 + below(6) }, (_, index): Member => {
    const type = resolveType(types[below(types.length)], "type");
    const choice = below(8);
    if (choice === 0) return { name: `f${index}`, type };
    if (choice === 1) return { name: undefined, type, width: 0 };
    return { name: `f${index}`, type, width: 1 + below(type.size * 8) };
  }),
);

function source(members: readonly Member[], index: number): string {
  const fields = members.map(({ name = "", type, width }) =>
    width === undefined ? `${type.name} ${name};` : `${type.name} ${name} : ${width};`,
  );
  const tag = `struct ms${index}`;
  const setters = members.flatMap(({ name, width }) =>
    name !== undefined && width !== undefined
      ? `void set${index}_${name}(${tag} *p) { p->${name} = -1; }`
      : [],
  );
  return `${tag} { ${fields.join(" ")} } __attribute__((ms_struct));
int size${index}(void) { return sizeof(${tag}); }
int alignment${index}(void) { return _Alignof(${tag}); }
${setters.join("\n")}`;
}

describe.runIf(process.arch === "x64")(`Microsoft's layout (NEARFAR_SEED=${seed})`, () => {
  it(`is that of the compiler for ${structCount} structs`, () => {
    const text = `#include <stdint.h>\n${structs.map(source).join("\n")}`;
    const lib = new DynamicLibrary(compileSource("conformance-ms-bit-fields", text));
    const rules = {
      isUnion: false,
      isPacked: false,
      pack: undefined,
      bitFields: "microsoft",
    } as const;
    structs.forEach((members, index) => {
      const layout = layOut(members, rules, "struct");
      const declared = source(members, index);
      const size = lib.getFunction(`int size${index}(void)`)();
      const alignment = lib.getFunction(`int alignment${index}(void)`)();
      expect([layout.size, layout.alignment], declared).toEqual([size, alignment]);
      for (const { name, offset, bits } of layout.fields) {
        if (bits === undefined) continue;
        const byC = new Uint8Array(layout.size);
        lib.getFunction(`set${index}_${name}`, { arguments: ["pointer"] })(byC);
        const ours = new Uint8Array(layout.size);
        writeBits(new DataView(ours.buffer), offset, bits, -1n);
        expect(ours, `${declared} ${name}`).toEqual(byC);
      }
    });
    lib.close();
  });
});
