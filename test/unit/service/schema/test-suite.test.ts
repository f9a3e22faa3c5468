import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../../../src/index.js";
import { codecOf } from "../../../../src/service/schema/codec.js";

/** Published test data: see the README beside it. */
const directory = fileURLToPath(new URL("../../../fixtures/json-schema/", import.meta.url));

interface Group {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly { description: string; data: unknown; valid: boolean }[];
}

/**
 * Groups of which no codec can be made, because their schemas have what `t` does not write: schemas
 * that are `true` or `false`, a list of types, `prefixItems`, `allOf`, `not`, `if`, anchors,
 * relative URIs in references, a default that does not fit. Whoever writes one is told; no value
 * slips through.
 */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "additionalProperties.json": [
    "additionalProperties being false does not allow other properties",
    "non-ASCII pattern with additionalProperties",
    "additionalProperties does not look in applicators",
    "dependentSchemas with additionalProperties",
  ],
  "anyOf.json": [
    "anyOf with boolean schemas, all true",
    "anyOf with boolean schemas, some true",
    "anyOf with boolean schemas, all false",
  ],
  "default.json": [
    "invalid type for default",
    "invalid string value for default",
    "the default keyword does not do anything if the property is missing",
  ],
  "defs.json": ["validate definition against metaschema"],
  "ref.json": [
    "remote ref, containing refs itself",
    "relative pointer ref to array",
    "$ref to boolean schema true",
    "$ref to boolean schema false",
    "Recursive references between schemas",
    "ref creates new scope when adjacent to keywords",
    "relative refs with absolute uris and defs",
    "$id must be resolved against nearest parent, not just immediate parent",
    "order of evaluation: $id and $anchor and $ref",
    "order of evaluation: $id and $ref on nested schema",
    "URN base URI with URN and anchor ref",
    "ref to if",
    "ref to then",
    "ref to else",
    "ref with absolute-path-reference",
    "empty tokens in $ref json-pointer",
  ],
  "infinite-loop-detection.json": [
    "evaluating the same schema location against the same data location twice is not a sign of an infinite loop",
  ],
  "items.json": [
    "items with boolean schema (true)",
    "items with boolean schema (false)",
    "items and subitems",
    "prefixItems with no additional items allowed",
    "items does not look in applicators, valid case",
    "prefixItems validation adjusts the starting index for items",
    "items with heterogeneous array",
  ],
  "properties.json": [
    "properties, patternProperties, additionalProperties interaction",
    "properties with boolean schema",
  ],
  "propertyNames.json": [
    "propertyNames with boolean schema true",
    "propertyNames with boolean schema false",
  ],
  "type.json": [
    "multiple types can be specified in an array",
    "type as array with one item",
    "type: array or object",
    "type: array, object or null",
  ],
  "uniqueItems.json": [
    "uniqueItems with an array of items",
    "uniqueItems with an array of items and additionalItems=false",
    "uniqueItems=false with an array of items",
    "uniqueItems=false with an array of items and additionalItems=false",
  ],
};

const files = readdirSync(directory).filter((name) => name.endsWith(".json"));

describe.each(files)("%s", (file) => {
  const groups = JSON.parse(readFileSync(directory + file, "utf8")) as Group[];
  for (const { description, schema, tests } of groups) {
    if (REFUSED[file]?.includes(description)) {
      it(`${description}: refused`, () => {
        expect(() => codecOf(withoutDialect(schema))).toThrow(/schema/);
      });
      continue;
    }
    it(description, () => {
      const codec = codecOf(withoutDialect(schema));
      for (const { description: what, data, valid } of tests) {
        const isAccepted = accepts(() => codec.fromWire(data, "json"));
        expect(isAccepted, what).toBe(valid);
      }
    });
  }
});

/** The suite names the dialect in every schema; `t` does not. */
function withoutDialect(schema: JsonSchema): JsonSchema {
  if (typeof schema !== "object") return schema;
  const { $schema: _, ...rest } = schema as JsonSchema & { $schema?: string };
  return rest;
}

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
