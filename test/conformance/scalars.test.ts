import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, getRawPointer } from "../../src/ffi/index.js";
import { compileSource } from "../support/compile.js";
import { createRandom, seed } from "../support/random.js";

/**
 * Random signatures, compiled by the C compiler: each function copies its arguments, as C sees
 * them, to a buffer, and returns one of them. What C saw and what came back must equal what
 * JavaScript passed, so there are no expected values to maintain. `NEARFAR_SEED` repeats a run,
 * `NEARFAR_SIGNATURES` sets how many.
 */
const signatureCount = Number(process.env.NEARFAR_SIGNATURES ?? 400);
const callsPerSignature = 5;
const maxArguments = 40;

interface Kind {
  readonly c: string;
  readonly bytes: number;
  /** A random value of the type, edges included. */
  readonly make: (random: () => number) => unknown;
  /** How C's bytes read. */
  readonly read: (view: DataView, at: number) => unknown;
}

const pinned = Buffer.alloc(64);
const pinnedAddress = getRawPointer(pinned);

const kinds: readonly Kind[] = [
  integer("int8_t", 1, true),
  integer("uint8_t", 1, false),
  integer("int16_t", 2, true),
  integer("uint16_t", 2, false),
  integer("int32_t", 4, true),
  integer("uint32_t", 4, false),
  bigInteger("int64_t", true),
  bigInteger("uint64_t", false),
  {
    c: "bool",
    bytes: 1,
    make: (random) => random() < 0.5,
    read: (view, at) => view.getUint8(at) === 1,
  },
  {
    c: "float",
    bytes: 4,
    make: (random) => Math.fround(pick(random, [0, -0, 1.5, -1e30, Number.NaN, random() * 1000])),
    read: (view, at) => view.getFloat32(at, true),
  },
  {
    c: "double",
    bytes: 8,
    make: (random) => pick(random, [0, -0, Number.MAX_VALUE, -Infinity, Number.NaN, random()]),
    read: (view, at) => view.getFloat64(at, true),
  },
  {
    c: "void *",
    bytes: 8,
    make: (random) => pinnedAddress + BigInt(Math.floor(random() * 64)),
    read: (view, at) => view.getBigUint64(at, true),
  },
];

function pick<T>(random: () => number, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

function integer(c: string, bytes: 1 | 2 | 4, signed: boolean): Kind {
  const bits = bytes * 8;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const getter = `get${signed ? "Int" : "Uint"}${bits}` as "getInt16";
  return {
    c,
    bytes,
    make: (random) =>
      pick(random, [low, high, 0, 1, low + Math.floor(random() * (high - low + 1))]),
    read: (view, at) => view[getter](at, true),
  };
}

function bigInteger(c: string, signed: boolean): Kind {
  const low = signed ? -(2n ** 63n) : 0n;
  const high = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  return {
    c,
    bytes: 8,
    make: (random) => {
      const wide = BigInt(Math.floor(random() * 2 ** 32)) * BigInt(Math.floor(random() * 2 ** 32));
      return pick(random, [low, high, 0n, 1n, signed ? BigInt.asIntN(64, wide) : wide]);
    },
    read: (view, at) => (signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true)),
  };
}

interface Generated {
  readonly name: string;
  readonly parameters: readonly Kind[];
  /** Which parameter is returned; undefined for void. */
  readonly returned: number | undefined;
}

function generate(random: () => number, index: number): Generated {
  const count = Math.floor(random() ** 2 * (maxArguments + 1));
  const parameters = Array.from({ length: count }, () => pick(random, kinds));
  const returned = count === 0 ? undefined : Math.floor(random() * count);
  return { name: `f${index}`, parameters, returned };
}

function prototype({ name, parameters, returned }: Generated): string {
  const result = returned === undefined ? "void" : (parameters[returned]?.c ?? "void");
  const list = parameters.map(({ c }, index) => `${c} a${index}`).join(", ");
  return `${result} ${name}(${list || "void"})`;
}

function source(functions: readonly Generated[]): string {
  const bodies = functions.map((generated) => {
    const copies = generated.parameters.map(
      (_, index) => `memcpy(seen + ${index * 8}, &a${index}, sizeof a${index});`,
    );
    const result = generated.returned === undefined ? "" : `return a${generated.returned};`;
    return `${prototype(generated)} { memset(seen, 0, sizeof seen); ${copies.join(" ")} ${result} }`;
  });
  return `#include <stdbool.h>
#include <stdint.h>
#include <string.h>
static unsigned char seen[${maxArguments * 8}];
void *seen_bytes(void) { return seen; }
void copy_seen(void *out) { memcpy(out, seen, sizeof seen); }
${bodies.join("\n")}`;
}

describe(`generated signatures (NEARFAR_SEED=${seed})`, () => {
  const random = createRandom(seed);
  const functions = Array.from({ length: signatureCount }, (_, index) => generate(random, index));
  const lib = new DynamicLibrary(compileSource("conformance-scalars", source(functions)));
  afterAll(() => lib.close());
  const copySeen = lib.getFunction("void copy_seen(void *out)");

  it(`${signatureCount} functions see and return what was passed`, () => {
    const seen = new DataView(new ArrayBuffer(maxArguments * 8));
    for (const generated of functions) {
      const call = lib.getFunction(prototype(generated)) as (...args: unknown[]) => unknown;
      for (let round = 0; round < callsPerSignature; round++) {
        const args = generated.parameters.map((kind) => kind.make(random));
        const result = call(...args);
        copySeen(seen);
        const saw = generated.parameters.map((kind, index) => kind.read(seen, index * 8));
        expect(saw, prototype(generated)).toEqual(args);
        const wanted = generated.returned === undefined ? undefined : args[generated.returned];
        expect(result, prototype(generated)).toEqual(wanted);
      }
    }
  });
});
