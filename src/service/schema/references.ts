import { ArgumentError } from "../../errors/index.js";
import { quote } from "../names.js";
import type { JsonSchema } from "./json-schema.js";

/** The schema that a `$ref` in `from` leads to. Throws an ArgumentError where there is none. */
export type Resolve = (from: JsonSchema, reference: string) => JsonSchema;

/**
 * Resolves references inside of a schema: `#`, a JSON Pointer (`#/$defs/point`, RFC 6901), the
 * `$id` of a schema in it, or what `lookUp` knows. As in JSON Schema, `#` is the nearest schema
 * around the reference that has an `$id`, or else the whole.
 */
export function resolverOf(
  root: JsonSchema,
  lookUp: (id: string) => JsonSchema | undefined = () => undefined,
): Resolve {
  const resources = new Map<string, JsonSchema>();
  const homes = new Map<JsonSchema, JsonSchema>();
  survey(root, root, resources, homes);
  return (from, reference) => {
    const [id = "", fragment = ""] = reference.split("#", 2);
    const base = id === "" ? (homes.get(from) ?? root) : (resources.get(id) ?? lookUp(id));
    const found = base === undefined ? undefined : follow(base, fragment);
    if (found === undefined) {
      const known = [...resources.keys()].join(", ") || "none";
      throw new ArgumentError(
        `$ref ${quote(reference)} leads to no schema (with an $id here: ${known})`,
      );
    }
    // What somebody else registered has references and identifiers of its own.
    if (!homes.has(found)) survey(found, base ?? found, resources, homes);
    return found;
  };
}

function survey(
  schema: JsonSchema,
  home: JsonSchema,
  resources: Map<string, JsonSchema>,
  homes: Map<JsonSchema, JsonSchema>,
): void {
  if (homes.has(schema)) return;
  const { $id } = schema;
  const own = $id === undefined ? home : schema;
  homes.set(schema, own);
  if ($id !== undefined) resources.set($id, schema);
  for (const child of childrenOf(schema)) survey(child, own, resources, homes);
}

const PARENTS = [
  "$defs",
  "properties",
  "items",
  "additionalProperties",
  "propertyNames",
  "anyOf",
] as const satisfies readonly (keyof JsonSchema)[];

/** Whether there may be schemas inside of one. */
export function hasChildren(schema: JsonSchema): boolean {
  return PARENTS.some((key) => schema[key] !== undefined);
}

/** The schemas directly inside of one. */
export function childrenOf(schema: JsonSchema): JsonSchema[] {
  const { $defs = {}, properties = {}, items, additionalProperties, propertyNames } = schema;
  const single = [items, additionalProperties, propertyNames];
  const all = [...Object.values($defs), ...Object.values(properties), ...(schema.anyOf ?? [])];
  return [...all, ...single].filter(
    (child): child is JsonSchema => typeof child === "object" && child !== null,
  );
}

function follow(base: JsonSchema, fragment: string): JsonSchema | undefined {
  if (fragment === "") return base;
  if (!fragment.startsWith("/")) return undefined;
  let found: unknown = base;
  for (const token of decodeURIComponent(fragment).slice(1).split("/")) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return typeof found === "object" && found !== null ? (found as JsonSchema) : undefined;
}
