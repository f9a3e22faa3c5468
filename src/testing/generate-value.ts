import { ArgumentError } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import type { AnySchema, Infer } from "../service/index.js";
import { type Codec, codecOf } from "../service/schema/codec.js";
import { Mismatch } from "../service/schema/mismatch.js";
import { resolverOf } from "../service/schema/references.js";
import { toSchema } from "../service/schema/standard-schema.js";
import { generate } from "./generate.js";
import { type Random, randomOf } from "./random.js";

export interface GenerateOptions {
  /** The same seed, the same value. A 32-bit integer, default 1. */
  readonly seed?: number;
}

/**
 * A value that a schema accepts. What cannot be found by its keywords, such as text for a
 * `pattern`, is taken from the schema's `examples` or `default`; without any, an ArgumentError says
 * so.
 */
export function generateValue<S extends AnySchema>(
  schema: S,
  options: GenerateOptions = {},
): Infer<S> {
  requireKnownOptions(options, ["seed"], "generateValue options");
  const { seed = 1 } = options;
  requireSeed(seed);
  return generateFor(schema, randomOf(seed), "the schema") as Infer<S>;
}

export function requireSeed(seed: unknown): asserts seed is number {
  requireInteger(seed, "seed", -(2 ** 31), 2 ** 32 - 1);
}

/** Keywords may exclude one another's values: so many attempts find most that there are. */
const ATTEMPTS = 200;

/** As `generateValue`, with the words for what it is of. */
export function generateFor(given: AnySchema, random: Random, what: string): unknown {
  const schema = toSchema(given);
  const codec = codecOf(schema);
  const resolve = resolverOf(schema);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = generate(schema, { random, resolve, depth: 0 });
    if (accepts(codec, value)) return value;
  }
  throw new ArgumentError(`no value was found for ${what}: give it examples or a default`);
}

function accepts(codec: Codec, value: unknown): boolean {
  try {
    codec.check(value);
    return true;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
}
