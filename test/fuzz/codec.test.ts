import { describe, expect, it } from "vitest";
import { CodecFactory } from "../../src/ffi/types/codec.js";
import { array, struct } from "../../src/ffi/types/constructors.js";
import type { CType, WriteContext } from "../../src/ffi/types/ctype.js";
import { flatFields, isReadAsView } from "../../src/ffi/types/object-pieces.js";
import { toObject } from "../../src/ffi/types/to-object.js";
import { createRandom, seed } from "../support/random.js";
import { TypeGenerator } from "../support/random-types.js";

/**
 * Generated and interpreted codecs are twins: for any value, hostile ones included, both write the
 * same bytes or refuse the same part in the same words, and both read the same.
 */
const rounds = 4000;
const generated = new CodecFactory(true);
const interpreted = new CodecFactory(false);
const random = createRandom(seed);

const hostile: readonly unknown[] = [
  ...[0, -0, 1, -1, 127, 128, -129, 255, 256, 65535, 65536, 2.5, 1e300, Number.NaN, 2 ** 53],
  ...[0n, 1n, -1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 1n << 200n],
  ...[true, false, null, undefined, Symbol("s"), {}, [], () => 1, Object(1), "", "a", "a\0b"],
  ...["x".repeat(60), new Uint8Array(3), new Float64Array(2), new DataView(new ArrayBuffer(4))],
  { valueOf: () => 7 },
  new Proxy({}, { get: (_, name) => (typeof name === "string" ? 1 : undefined) }),
  new Proxy([1, 2], {}),
];

describe(`the two codecs (NEARFAR_SEED=${seed})`, () => {
  const generator = new TypeGenerator(random, { isWindows: process.platform === "win32" });
  const types: CType[] = Array.from({ length: 300 }, () => generator.next().type);
  types.push(
    array("int64", 3),
    array("char", 8),
    array(array("float32", 2), 3),
    struct({ text: "string", wide: "utf16", long: array("double", 200) }),
    struct(Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`f${index}`, "int16"]))),
  );

  it("write the same bytes and refuse the same parts", () => {
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const type = pick(types);
      const value = sampleOf(type, random() < 0.5 ? 0 : 0.03);
      const first = outcome(generated, type, value);
      const second = outcome(interpreted, type, value);
      expect(second, type.name).toEqual(first);
      if (first.refused === undefined) accepted++;
    }
    expect(accepted).toBeGreaterThan(rounds / 20);
  });

  it("read the same", () => {
    for (const type of types) {
      if (holdsText(type)) continue;
      const memory = new DataView(new ArrayBuffer(type.size + 8));
      for (let byte = 0; byte < type.size; byte++) memory.setUint8(8 + byte, random() * 256);
      const first = read(generated, type, memory);
      expect(read(interpreted, type, memory), type.name).toEqual(first);
    }
  });
});

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

interface Outcome {
  readonly refused?: string;
  readonly bytes: string;
}

/** What is left in memory counts also when a value was refused. */
function outcome(factory: CodecFactory, type: CType, value: unknown): Outcome {
  const memory = new DataView(new ArrayBuffer(type.size + 16));
  const bytes = () => Buffer.from(memory.buffer).toString("latin1");
  const context: WriteContext = {
    refuse(path, expected, refused) {
      throw new Error(`${path}: ${expected}, ${typeof refused}`);
    },
    addressOf: (item) => (typeof item === "string" ? BigInt(item.length) + 1n : undefined),
  };
  try {
    factory.codecOf(type).write(memory, 8, value, context);
    return { bytes: bytes() };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error), bytes: bytes() };
  }
}

/** A size that no number holds is an error of both. */
function read(factory: CodecFactory, type: CType, memory: DataView): unknown {
  try {
    const value = factory.codecOf(type).read(memory, 8);
    return isReadAsView(type) ? toObject(value as object) : value;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

/** A value the type takes, of which each part is replaced by a hostile one at times. */
function sampleOf(type: CType, hostility: number): unknown {
  if (random() < hostility) return pick(hostile);
  switch (type.kind) {
    case "scalar":
      if (type.value === "bool") return random() < 0.5;
      return /text/i.test(type.value) ? pick(["abc", null, 16n]) : pick([0, 1, 0]);
    case "enum":
      return pick([...Object.keys(type.members), 0]);
    case "struct":
    case "union": {
      const fields = flatFields(type).filter((field) => field.type.size > 0);
      const given = type.kind === "union" ? fields.slice(0, 1) : fields;
      const entries = given.map((field) => {
        const isOneBit = field.bits?.width === 1;
        const value = isOneBit ? narrow(field.type) : sampleOf(field.type, hostility);
        return [random() < hostility ? "misspelt" : field.name, value];
      });
      return Object.fromEntries(entries);
    }
    case "array": {
      const length = (type.length ?? 0) + (random() < hostility ? 1 : 0);
      return Array.from({ length }, () => sampleOf(type.element, hostility));
    }
    default:
      return pick([0n, null, "abc"]);
  }
}

function narrow(type: CType): unknown {
  return type.kind === "scalar" && type.value === "bool" ? true : 0;
}

function holdsText(type: CType): boolean {
  if (type.kind === "array") return holdsText(type.element);
  if (type.kind !== "struct" && type.kind !== "union") {
    return type.kind === "scalar" && /text/i.test(type.value);
  }
  return type.fields.some((field) => holdsText(field.type));
}
