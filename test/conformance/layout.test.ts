import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../src/ffi/index.js";
import { codecOf } from "../../src/ffi/types/codec.js";
import type { Field } from "../../src/ffi/types/ctype.js";
import { compileSource } from "../support/compile.js";
import { createRandom, seed } from "../support/random.js";
import { type RandomType, TypeGenerator } from "../support/random-types.js";

/**
 * Random structs and unions against the C compiler: sizes, alignments and offsets; and for
 * bit-fields, which have no offset, the bytes of each set to all ones, written by C and by a codec.
 * `NEARFAR_SEED` repeats a run, `NEARFAR_LAYOUTS` sets how many.
 */
const typeCount = Number(process.env.NEARFAR_LAYOUTS ?? 600);
const generator = new TypeGenerator(createRandom(seed), {
  isWindows: process.platform === "win32",
});
for (let index = 0; index < typeCount; index++) generator.next();

const plainFields = ({ type }: RandomType) => type.fields.filter((field) => !field.bits);
const bitFields = ({ type }: RandomType) => type.fields.filter((field) => field.bits);

/** One function for each type, which writes size, alignment and offsets. */
function measureSource(made: RandomType, index: number): string {
  const numbers = [
    `sizeof(${made.c})`,
    `_Alignof(${made.c})`,
    ...plainFields(made).map(({ name }) => `offsetof(${made.c}, ${name})`),
  ];
  const stores = numbers.map((number, at) => `out[${at}] = ${number};`);
  return `void measure${index}(uint32_t *out) { ${stores.join(" ")} }`;
}

/** Sets one bit-field to all ones in zeroed memory, or reads it. */
function bitSource(made: RandomType, index: number): string {
  return bitFields(made)
    .map(({ name }, bit) => {
      const set = `void set${index}_${bit}(${made.c} *p) { p->${name} = -1; }`;
      return `${set} int64_t get${index}_${bit}(${made.c} *p) { return p->${name}; }`;
    })
    .join("\n");
}

const source = [
  "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>",
  ...generator.enums,
  ...generator.made.map((made) => made.source),
  ...generator.made.map(measureSource),
  ...generator.made.map(bitSource),
].join("\n");

describe(`${typeCount} generated layouts (NEARFAR_SEED=${seed})`, () => {
  const lib = new DynamicLibrary(compileSource("conformance-layout", source));
  afterAll(() => lib.close());

  it("have the compiler's sizes, alignments and offsets", () => {
    const seen = new Uint32Array(16);
    generator.made.forEach((made, index) => {
      const { type } = made;
      const fields = plainFields(made);
      lib.getFunction(`measure${index}`, { arguments: ["pointer"] })(seen);
      const wanted = [type.size, type.alignment, ...fields.map(({ offset }) => offset)];
      expect(wanted, `${made.source} fields ${fields.map(({ name }) => name)}`).toEqual(
        Array.from(seen.subarray(0, wanted.length)),
      );
    });
  });

  it("have the compiler's bit-fields, both ways", () => {
    let tested = 0;
    generator.made.forEach((made, index) => {
      bitFields(made).forEach((field, bit) => {
        const set = lib.getFunction(`set${index}_${bit}`, { arguments: ["pointer"] });
        const get = lib.getFunction(`get${index}_${bit}`, {
          arguments: ["pointer"],
          return: "int64",
        });
        const byC = new Uint8Array(made.type.size);
        set(byC);
        const byCodec = new Uint8Array(made.type.size);
        writeOnes(made, field, byCodec);
        expect(byCodec, `${made.source} ${field.name}`).toEqual(byC);
        expect(asInt64(readField(made, field, byC)), made.source).toBe(get(byC));
        tested++;
      });
    });
    expect(tested).toBeGreaterThan(0);
  });
});

/** The value that has all bits of a field set: -1, or the largest. */
function ones(field: Field): unknown {
  const { type, bits } = field;
  if (type.kind !== "scalar" || bits === undefined) throw new Error("not a bit-field");
  if (type.value === "bool") return true;
  return type.value.startsWith("int") ? -1n : 2n ** BigInt(bits.width) - 1n;
}

function writeOnes(made: RandomType, field: Field, memory: Uint8Array): void {
  const value = ones(field);
  const isWide = field.type.size === 8 || typeof value === "boolean";
  const view = (made.type as unknown as { view(memory: Uint8Array): Record<string, unknown> }).view(
    memory,
  );
  view[field.name ?? ""] = isWide ? value : Number(value);
}

function readField(made: RandomType, field: Field, memory: Uint8Array): unknown {
  const data = new DataView(memory.buffer);
  const value = codecOf(made.type).read(data, 0) as Record<string, unknown>;
  return value[field.name ?? ""];
}

/** As C converts the field to `int64_t`. */
function asInt64(value: unknown): bigint {
  return BigInt.asIntN(64, BigInt(value as bigint | number | boolean));
}
