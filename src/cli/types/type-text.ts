import type { JsonSchema } from "../../service/index.js";
import { commentOf, keyText } from "./text.js";

/** The name of the type that a `$ref` leads to. */
export type NameOf = (reference: string) => string;

/** Keywords of schemas of other libraries, which `t` does not write. */
interface ForeignSchema {
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly prefixItems?: readonly JsonSchema[];
}

/** TypeScript's words for the values of a schema. */
export function typeText(schema: JsonSchema, nameOf: NameOf, indent = ""): string {
  const visit = (each: JsonSchema, deeper = indent): string => typeText(each, nameOf, deeper);
  const { oneOf, allOf, prefixItems } = schema as ForeignSchema;
  const special = specialText(schema);
  if (special !== undefined) return special;
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return literalText(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literalText));
  const branches = schema.anyOf ?? oneOf;
  if (branches !== undefined) return union(branches.map((branch) => visit(branch)));
  if (allOf !== undefined) return allOf.map((part) => `(${visit(part)})`).join(" & ");
  if (prefixItems !== undefined) return `[${prefixItems.map((item) => visit(item)).join(", ")}]`;
  switch (schema.type) {
    case "null":
    case "boolean":
    case "string":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `Array<${visit(schema.items ?? {})}>`;
    case "object":
      return objectText(schema, visit, indent);
  }
  return "unknown";
}

/** Of a parameter: numbers will do where a bigint travels. */
export function parameterText(schema: JsonSchema, nameOf: NameOf): string {
  const text = typeText(schema, nameOf, "  ");
  return text === "bigint" ? "bigint | number" : text;
}

const SPECIAL = {
  void: "void",
  int64: "bigint",
  uint64: "bigint",
  float64: "number",
  cString: "string",
  bytes: "Uint8Array",
  data: "string | Uint8Array",
  datetime: "Date",
  pointer: "bigint | ArrayBufferView | ArrayBuffer | string | null",
} as const satisfies Record<Exclude<NonNullable<JsonSchema["x-kind"]>, "standard">, string>;

function specialText(schema: JsonSchema): string | undefined {
  const kind = schema["x-kind"];
  return kind === undefined || kind === "standard" ? undefined : SPECIAL[kind];
}

function objectText(
  schema: JsonSchema,
  visit: (schema: JsonSchema, indent: string) => string,
  indent: string,
): string {
  const { properties = {}, required = [], additionalProperties: others = true } = schema;
  const entries = Object.entries(properties);
  const inner = `${indent}  `;
  const lines = entries.map(([key, value]) => {
    const mark = required.includes(key) ? "" : "?";
    return `${commentOf(value, inner)}${inner}${keyText(key)}${mark}: ${visit(value, inner)};\n`;
  });
  // Beside known properties an index signature would have to fit them all.
  if (entries.length === 0 && others !== false) {
    return `Record<string, ${others === true ? "unknown" : visit(others, indent)}>`;
  }
  return lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("")}${indent}}`;
}

function literalText(value: unknown): string {
  return typeof value === "object" && value !== null ? "unknown" : JSON.stringify(value);
}

function union(texts: readonly string[]): string {
  return [...new Set(texts)].join(" | ");
}
