import type { JsonSchema, SpecialKind } from "./json-schema.js";

/** The kinds of schemas there are, as registries list them. */
export type SchemaType =
  | "null"
  | "boolean"
  | "integer"
  | "number"
  | "string"
  | "array"
  | "object"
  | "map"
  | "enum"
  | "union"
  | "reference"
  | "any"
  | "binary"
  | "date"
  | "datetime"
  | "time"
  | "duration"
  | "uuid"
  | "uri"
  | "email";

const BY_KIND = {
  void: "null",
  int64: "integer",
  uint64: "integer",
  float64: "number",
  cString: "string",
  bytes: "binary",
  data: "union",
  datetime: "datetime",
  pointer: "any",
} as const satisfies Record<Exclude<SpecialKind, "standard">, SchemaType>;

const BY_FORMAT: Readonly<Record<string, SchemaType>> = {
  date: "date",
  "date-time": "datetime",
  time: "time",
  duration: "duration",
  uuid: "uuid",
  uri: "uri",
  email: "email",
};

/** Which kind of schema it is. */
export function schemaType(schema: JsonSchema): SchemaType {
  const { type, format = "", additionalProperties, properties } = schema;
  const kind = schema["x-kind"];
  if (kind !== undefined && kind !== "standard") return BY_KIND[kind];
  if (schema.$ref !== undefined) return "reference";
  if (schema.enum !== undefined || schema.const !== undefined) return "enum";
  if (schema.anyOf !== undefined) return "union";
  if (type === "string") return BY_FORMAT[format] ?? "string";
  if (type !== "object") return type ?? "any";
  const isMap = typeof additionalProperties === "object" && properties === undefined;
  return isMap ? "map" : "object";
}
