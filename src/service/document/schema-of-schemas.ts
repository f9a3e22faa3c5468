import type { JsonSchema, SpecialKind } from "../schema/json-schema.js";
import { t } from "../schema/t.js";

const KINDS = {
  void: true,
  int64: true,
  uint64: true,
  float64: true,
  cString: true,
  bytes: true,
  data: true,
  datetime: true,
  pointer: true,
  standard: true,
} as const satisfies Record<SpecialKind, true>;

const text = t.optional(t.string());
const flag = t.optional(t.boolean());
const limit = t.optional(t.number());
const count = t.optional(t.integer({ minimum: 0 }));
const anything = t.optional(t.any());
const anyList = t.optional(t.array(t.any()));

/** JSON Schema as `t` writes it: what a schema that was read from a file has to look like. */
export const SCHEMA_OF_SCHEMAS = t.recursive<JsonSchema>("nearfar.schema", (self) =>
  t.object({
    $id: text,
    $comment: text,
    $ref: text,
    $defs: t.optional(t.map(self)),
    title: text,
    description: text,
    default: anything,
    examples: anyList,
    deprecated: flag,
    type: t.optional(t.enum(["null", "boolean", "integer", "number", "string", "array", "object"])),
    format: text,
    contentEncoding: t.optional(t.literal("base64")),
    minimum: limit,
    maximum: limit,
    exclusiveMinimum: limit,
    exclusiveMaximum: limit,
    multipleOf: t.optional(t.number({ exclusiveMinimum: 0 })),
    minLength: count,
    maxLength: count,
    pattern: text,
    items: t.optional(self),
    minItems: count,
    maxItems: count,
    uniqueItems: flag,
    properties: t.optional(t.map(self)),
    required: t.optional(t.array(t.string())),
    additionalProperties: t.optional(t.union([t.boolean(), self])),
    propertyNames: t.optional(self),
    minProperties: count,
    maxProperties: count,
    anyOf: t.optional(t.array(self, { minItems: 1 })),
    const: anything,
    enum: t.optional(t.array(t.any(), { minItems: 1 })),
    "x-kind": t.optional(t.enum(Object.keys(KINDS) as SpecialKind[])),
    "x-enum-descriptions": t.optional(t.array(t.string())),
  }),
);
