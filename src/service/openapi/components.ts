import { ArgumentError } from "../../errors/index.js";
import { canonicalJson } from "../schema/canonical-json.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { type Resolve, resolverOf } from "../schema/references.js";

const PREFIX = "#/components/schemas/";

/** Keywords of JSON Schema 2020-12 that hold one schema, a list of them, or schemas by name. */
const SINGLE = new Set([
  ...["items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"],
  ...["unevaluatedItems", "unevaluatedProperties"],
]);
const LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const BY_NAME = new Set(["properties", "patternProperties", "dependentSchemas"]);
/** What has a meaning only where the schema stood. */
const DROPPED = new Set(["$id", "$defs", "$schema"]);

/**
 * The schemas of a document that are referred to, by name. A schema that has an `$id`, or that a
 * `$ref` leads to, moves there, because a reference has to hold from wherever it is embedded.
 */
export class SchemaComponents {
  readonly schemas: Record<string, JsonSchema>;
  private readonly names = new Map<JsonSchema, string>();
  private readonly origins = new Map<string, string>();

  constructor(fixed: Readonly<Record<string, JsonSchema>>) {
    this.schemas = { ...fixed };
  }

  /** A schema as it stands in the document. `label` names what it refers to without an `$id`. */
  embed(schema: JsonSchema, label: string): JsonSchema {
    return this.visit(schema, resolverOf(schema), label);
  }

  private visit(schema: JsonSchema, resolve: Resolve, label: string): JsonSchema {
    const { $id, $ref } = schema;
    if ($id !== undefined) return this.refer(schema, $id, resolve, label);
    if ($ref === undefined) return this.copy(schema, resolve, label);
    const target = resolve(schema, $ref);
    const name = target.$id ?? `${label}.${$ref.split("/").at(-1) || "schema"}`;
    const { $ref: _, ...others } = schema;
    return { ...this.copy(others, resolve, label), ...this.refer(target, name, resolve, label) };
  }

  private refer(schema: JsonSchema, wanted: string, resolve: Resolve, label: string): JsonSchema {
    let name = this.names.get(schema);
    if (name === undefined) {
      const text = canonicalJson(schema);
      name = this.claim(wanted.replace(/[^\w.-]/g, "_"), text);
      this.names.set(schema, name);
      // There before it is filled: it may refer to itself.
      this.schemas[name] ??= this.copy(schema, resolve, label);
    }
    return { $ref: PREFIX + name };
  }

  /** A name that nothing else has; the same schema met again gets its name again. */
  private claim(wanted: string, text: string): string {
    for (let count = 1; count <= MOST_NAMESAKES; count++) {
      const name = count === 1 ? wanted : `${wanted}_${count}`;
      const isFree = !Object.hasOwn(this.schemas, name) && !this.origins.has(name);
      if (isFree) this.origins.set(name, text);
      if (this.origins.get(name) === text) return name;
    }
    throw new ArgumentError(`more than ${MOST_NAMESAKES} schemas are called ${wanted}`);
  }

  private copy(schema: JsonSchema, resolve: Resolve, label: string): JsonSchema {
    const visit = (child: unknown): unknown =>
      isSchema(child) ? this.visit(child, resolve, label) : child;
    const entries = Object.entries(schema)
      .filter(([key]) => !DROPPED.has(key))
      .map(([key, value]: [string, unknown]): [string, unknown] => {
        if (SINGLE.has(key)) return [key, visit(value)];
        if (LISTS.has(key) && Array.isArray(value)) return [key, value.map(visit)];
        if (!BY_NAME.has(key) || !isSchema(value)) return [key, value];
        const named = Object.entries(value).map(([name, child]) => [name, visit(child)]);
        return [key, Object.fromEntries(named)];
      });
    return Object.fromEntries(entries) as JsonSchema;
  }
}

const MOST_NAMESAKES = 1000;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
