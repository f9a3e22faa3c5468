import { ArgumentError, describeValue } from "../../errors/index.js";
import { notFound } from "../names.js";
import { canonicalJson } from "./canonical-json.js";
import { codecOf } from "./codec.js";
import type { JsonSchema } from "./json-schema.js";
import { childrenOf } from "./references.js";
import { type SchemaType, schemaType } from "./schema-type.js";
import { type ValidationError, validateWith } from "./validate.js";

export interface SchemaFilter {
  /** Of identifiers; `*` stands for any characters: `shop.*`. Default: all. */
  readonly pattern?: string;
  readonly type?: SchemaType;
  /** How many to give at most. Default: 100. */
  readonly limit?: number;
  /** The `nextPageToken` of the page before. */
  readonly pageToken?: string;
}

export interface SchemaPage {
  readonly schemas: readonly JsonSchema[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

export interface ValidationResult {
  readonly valid: boolean;
  readonly errors: readonly ValidationError[];
}

const DEFAULT_LIMIT = 100;

/** Schemas by their identifiers, which refer to each other by `t.ref(id)`. */
export class SchemaRegistry {
  readonly #schemas = new Map<string, JsonSchema>();

  /**
   * Adds a schema under its `$id`, or under `id`, and gives that back. The same schema may be
   * registered again; another one under the same identifier is refused (compare them, and give the
   * new one an identifier of its own). What it refers to may follow later.
   */
  register(schema: JsonSchema, { id = schema.$id }: { readonly id?: string } = {}): string {
    if (typeof id !== "string" || id === "" || id.includes("#")) {
      const got = typeof id === "string" ? JSON.stringify(id) : describeValue(id);
      throw new ArgumentError(`id of a schema must be a string without "#", got ${got}`);
    }
    const named = schema.$id === id ? schema : { ...schema, $id: id };
    const known = this.#schemas.get(id);
    if (known !== undefined && canonicalJson(known) !== canonicalJson(named)) {
      throw new ArgumentError(`another schema is registered as ${JSON.stringify(id)}`);
    }
    this.#schemas.set(id, known ?? named);
    return id;
  }

  /**
   * The schema with that identifier. `resolve` embeds all that it refers to under `$defs`, so that
   * it stands alone. Throws NOT_FOUND.
   */
  get(id: string, { resolve = false }: { readonly resolve?: boolean } = {}): JsonSchema {
    const schema = this.#require(id);
    if (!resolve) return schema;
    const found = new Map<string, JsonSchema>();
    this.#collect(schema, found);
    found.delete(id);
    if (found.size === 0) return schema;
    return { ...schema, $defs: { ...schema.$defs, ...Object.fromEntries(found) } };
  }

  /** Schemas by identifier, in its order, page by page. */
  list({
    pattern = "*",
    type,
    limit = DEFAULT_LIMIT,
    pageToken = "",
  }: SchemaFilter = {}): SchemaPage {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new ArgumentError(
        `limit must be a whole number from 1 on, got ${describeValue(limit)}`,
      );
    }
    const expression = globExpression(pattern);
    const matching = [...this.#schemas.keys()].sort().filter((id) => {
      const fits = id > pageToken && expression.test(id);
      return fits && (type === undefined || schemaType(this.#require(id)) === type);
    });
    const ids = matching.slice(0, limit);
    const last = ids.at(-1);
    const schemas = ids.map((id) => this.#require(id));
    return last !== undefined && matching.length > limit
      ? { schemas, nextPageToken: last }
      : { schemas };
  }

  /**
   * Judges a value, or with `form: "json"` its JSON form, by a schema or the identifier of one.
   * Throws an ArgumentError where the schema refers to one that is not registered.
   */
  validate(
    schema: JsonSchema | string,
    value: unknown,
    { form = "value" }: { readonly form?: "value" | "json" } = {},
  ): ValidationResult {
    const judged = typeof schema === "string" ? this.#require(schema) : schema;
    const codec = codecOf(judged, (id) => this.#schemas.get(id));
    const errors = validateWith(codec, value, form);
    return { valid: errors.length === 0, errors };
  }

  #require(id: string): JsonSchema {
    const schema = this.#schemas.get(id);
    if (schema === undefined) throw notFound("schema", id, this.#schemas.keys());
    return schema;
  }

  #collect(schema: JsonSchema, found: Map<string, JsonSchema>): void {
    const [id = ""] = schema.$ref?.split("#", 1) ?? [];
    const target = found.has(id) ? undefined : this.#schemas.get(id);
    if (target !== undefined) {
      found.set(id, target);
      this.#collect(target, found);
    }
    for (const child of childrenOf(schema)) this.#collect(child, found);
  }
}

function globExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}
