import { quote } from "../names.js";
import { canonicalJson } from "./canonical-json.js";
import { codecOf } from "./codec.js";
import { ANNOTATIONS, type JsonSchema } from "./json-schema.js";
import { Mismatch } from "./mismatch.js";
import { type Resolve, resolverOf } from "./references.js";

/** Something that keeps values of one schema from fitting another. */
export interface Narrowing {
  /** Where in the value: `.items[].name`; empty for the value itself. */
  readonly path: string;
  /** What about it: `maxLength`; empty for its type or presence. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What keeps values of the schema `from` from fitting `to`; nothing if every value fits. Where that
 * cannot be seen from the schemas (two regular expressions, say) it is taken to be otherwise.
 */
export function narrowings(from: JsonSchema, to: JsonSchema): Narrowing[] {
  return new Comparison(resolverOf(from), resolverOf(to)).compare(from, to, "");
}

class Comparison {
  private readonly compared = new Map<JsonSchema, Set<JsonSchema>>();

  constructor(
    private readonly resolveFrom: Resolve,
    private readonly resolveTo: Resolve,
  ) {}

  compare(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
    // A pair that is being compared further out holds if everything else does.
    const seen = this.compared.get(from) ?? new Set();
    if (seen.has(to)) return [];
    this.compared.set(from, seen.add(to));
    if (from.$ref !== undefined) {
      return this.compare(this.resolveFrom(from, from.$ref), to, path);
    }
    if (to.$ref !== undefined) return this.compare(from, this.resolveTo(to, to.$ref), path);
    if (isSame(from, to) || isAny(to)) return [];
    const told = (allowed: string): Narrowing[] => [
      { path, what: "", from: kindOf(from), to: allowed },
    ];
    const choices = from.const !== undefined ? [from.const] : from.enum;
    if (choices !== undefined) return choices.flatMap((value) => refusal(to, value, path));
    if (isPlainUnion(from)) {
      return from.anyOf.flatMap((branch) => this.compare(branch, to, path));
    }
    if (isPlainUnion(to)) return this.compareWithUnion(from, to.anyOf, path);
    if (from["x-kind"] !== to["x-kind"]) return told(kindOf(to));
    const isWider = from.type === "integer" && to.type === "number";
    if (from.type !== to.type && !isWider) return told(kindOf(to));
    if (to.enum !== undefined || to.const !== undefined) {
      return told(`one of ${JSON.stringify(to.enum ?? [to.const])}`);
    }
    return [...limits(from, to, path), ...this.inside(from, to, path)];
  }

  /** A branch that takes everything, or what the nearest one refuses. */
  private compareWithUnion(
    from: JsonSchema,
    branches: readonly JsonSchema[],
    path: string,
  ): Narrowing[] {
    const attempts = branches.map((branch) => this.compare(from, branch, path));
    return attempts.reduce((best, each) => (each.length < best.length ? each : best));
  }

  private inside(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
    if (to.type === "array") return this.compare(from.items ?? {}, to.items ?? {}, `${path}[]`);
    return to.type === "object" ? this.properties(from, to, path) : [];
  }

  private properties(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
    const { properties: before = {}, required: given = [] } = from;
    const { properties: after = {}, required: wanted = [] } = to;
    const found: Narrowing[] = [];
    for (const key of wanted.filter((name) => !given.includes(name))) {
      const from = key in before ? "optional" : "unknown";
      found.push({ path: `${path}.${key}`, what: "", from, to: "required" });
    }
    for (const [key, schema] of Object.entries(before)) {
      const target = after[key] ?? to.additionalProperties ?? {};
      const place = `${path}.${key}`;
      if (target === false) found.push({ path: place, what: "", from: "known", to: "unknown" });
      else if (target !== true) found.push(...this.compare(schema, target, place));
    }
    return [...found, ...this.otherProperties(from, to, path)];
  }

  private otherProperties(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
    const { additionalProperties: before = true } = from;
    const { additionalProperties: after = true } = to;
    if (before === false || after === true) return [];
    if (after === false) return [{ path, what: "properties", from: "any", to: "known ones" }];
    return this.compare(before === true ? {} : before, after, `${path}[*]`);
  }
}

/** Limits where a smaller bound takes less. */
const UPPER = [
  ...(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const),
];
const LOWER = [
  ...(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const),
];
/** Limits that say nothing if absent, and otherwise have to be the same. */
const EXACT = ["pattern", "format", "multipleOf", "uniqueItems", "propertyNames"] as const;

const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...[...UPPER, ...LOWER, ...EXACT, "x-kind", "type", "$ref", "anyOf", "const", "enum"],
  ...["items", "properties", "required", "additionalProperties", "contentEncoding"],
]);

function limits(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
  const tightened = [
    ...UPPER.filter(
      (key) => (to[key] ?? Number.POSITIVE_INFINITY) < (from[key] ?? Number.POSITIVE_INFINITY),
    ),
    ...LOWER.filter(
      (key) => (to[key] ?? Number.NEGATIVE_INFINITY) > (from[key] ?? Number.NEGATIVE_INFINITY),
    ),
    ...EXACT.filter((key) => {
      const isSized = key === "format" && to.type === "integer"; // Its limits say it all.
      return !isSized && to[key] && words(to[key]) !== words(from[key]);
    }),
  ];
  // Keywords of other libraries' schemas are not understood here: any change may tighten.
  const foreign = Object.keys(to).filter((key) => !UNDERSTOOD.has(key) && !isAnnotation(key));
  const changed = foreign.filter((key) => words(valueAt(to, key)) !== words(valueAt(from, key)));
  return [...tightened, ...changed].map((key) => ({
    path,
    what: key,
    from: words(valueAt(from, key)),
    to: words(valueAt(to, key)),
  }));
}

function valueAt(schema: JsonSchema, key: string): unknown {
  return (schema as Readonly<Record<string, unknown>>)[key];
}

function words(limit: unknown): string {
  return limit === undefined ? "none" : JSON.stringify(limit);
}

function refusal(to: JsonSchema, value: unknown, path: string): Narrowing[] {
  try {
    codecOf(to).fromWire(value, "json");
    return [];
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return [{ path, what: quote(JSON.stringify(value)), from: "allowed", to: "refused" }];
  }
}

function isPlainUnion(
  schema: JsonSchema,
): schema is JsonSchema & { readonly anyOf: readonly JsonSchema[] } {
  return schema.anyOf !== undefined && schema["x-kind"] === undefined;
}

function isAny(schema: JsonSchema): boolean {
  return Object.keys(schema).every((key) => isAnnotation(key));
}

function isSame(a: JsonSchema, b: JsonSchema): boolean {
  return canonicalJson(withoutAnnotations(a)) === canonicalJson(withoutAnnotations(b));
}

function withoutAnnotations(schema: JsonSchema): object {
  const entries = Object.entries(schema).filter(([key]) => !isAnnotation(key));
  return Object.fromEntries(entries);
}

function isAnnotation(key: string): boolean {
  return (ANNOTATIONS as readonly string[]).includes(key);
}

function kindOf(schema: JsonSchema): string {
  return schema["x-kind"] ?? schema.type ?? "any";
}
