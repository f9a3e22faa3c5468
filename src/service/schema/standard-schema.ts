import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { ArgumentError } from "../../errors/index.js";
import { useCodec } from "./codec.js";
import type { AnySchema, JsonSchema, Schema } from "./json-schema.js";
import { standardCodec } from "./standard-codec.js";

/** A schema of zod, valibot, arktype or another library that follows standardschema.dev. */
function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  const isObject = typeof schema === "object" ? schema !== null : typeof schema === "function";
  return isObject && "~standard" in (schema as object);
}

const converted = new WeakMap<StandardSchemaV1, Schema>();

/**
 * A schema as a definition holds it: one of another library as JSON Schema, where the library can
 * say so and else as one for anything, with the library as the judge of its values.
 */
export function toSchema(schema: AnySchema): Schema {
  if (!isStandardSchema(schema)) return schema;
  let made = converted.get(schema);
  if (made === undefined) {
    requireVersion(schema);
    made = { ...jsonSchemaOf(schema), "x-kind": "standard" };
    useCodec(made, standardCodec(schema));
    converted.set(schema, made);
  }
  return made;
}

function requireVersion(schema: StandardSchemaV1): void {
  const { version, validate } = schema["~standard"];
  if (version === 1 && typeof validate === "function") return;
  throw new ArgumentError(`a Standard Schema must be of version 1, got ${String(version)}`);
}

/**
 * What travels is what the schema takes, not what it makes of it. Asked by the Standard JSON Schema
 * interface, which zod and arktype have; valibot's is made by `toStandardJsonSchema` of
 * `@valibot/to-json-schema`. Libraries throw for what JSON Schema cannot say.
 */
function jsonSchemaOf(schema: StandardSchemaV1): JsonSchema {
  const { jsonSchema } = schema["~standard"] as Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) return {};
  try {
    const { $schema: _, ...rest } = jsonSchema.input({ target: "draft-2020-12" });
    return rest;
  } catch {
    return {};
  }
}
