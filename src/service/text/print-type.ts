import { canonicalJson } from "../schema/canonical-json.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { Cursor } from "./cursor.js";
import { NAMED_TYPES } from "./named-types.js";
import { parseType } from "./types.js";

const NAME = /^[A-Za-z_$][\w$]*$/;

/** A type that is read as this schema; `schema({...})` where words would be read as another. */
export function printType(schema: JsonSchema): string {
  const words = wordsOf(schema);
  return words !== undefined && isReadAs(words, schema)
    ? words
    : `schema(${JSON.stringify(schema)})`;
}

function isReadAs(text: string, schema: JsonSchema): boolean {
  const cursor = new Cursor(text, undefined);
  try {
    const read = parseType(cursor);
    return cursor.token.kind === "end" && canonicalJson(read) === canonicalJson(schema);
  } catch {
    return false;
  }
}

function wordsOf(schema: JsonSchema): string | undefined {
  const kind = schema["x-kind"];
  if (schema.$ref !== undefined) return `ref(${JSON.stringify(schema.$ref)})`;
  if (kind === undefined && schema.const !== undefined) return constantOf(schema);
  if (schema.enum !== undefined) return enumOf(schema, schema.enum);
  if (kind === undefined && schema.anyOf !== undefined) return unionOf(schema, schema.anyOf);
  if (schema.type === "array") return arrayOf(schema);
  if (kind === undefined && schema.type === "object") return objectOf(schema);
  return namedOf(schema);
}

function constantOf({ const: value, ...options }: JsonSchema): string {
  const isWord = value !== null && typeof value !== "object";
  const words = isWord ? JSON.stringify(value) : `literal(${JSON.stringify(value)})`;
  return words + optionsOf(options);
}

function enumOf({ enum: _, ...options }: JsonSchema, values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  return `enum(${[...words, ...optionList(options)].join(", ")})`;
}

function unionOf({ anyOf: _, ...options }: JsonSchema, branches: readonly JsonSchema[]): string {
  const words = branches.map((branch) => {
    const type = printType(branch);
    return branch.anyOf !== undefined && branch["x-kind"] === undefined ? `(${type})` : type;
  });
  const given = optionsOf(options);
  return given === "" ? words.join(" | ") : `(${words.join(" | ")})${given}`;
}

function arrayOf({ type: _, items = {}, ...options }: JsonSchema): string {
  return `array<${printType(items)}>${optionsOf(options)}`;
}

function objectOf(schema: JsonSchema): string | undefined {
  const { type: _, properties, required, additionalProperties, propertyNames, ...rest } = schema;
  if (properties === undefined && typeof additionalProperties === "object") {
    const keys = propertyNames === undefined ? "" : `${printType(propertyNames)}, `;
    return `map<${keys}${printType(additionalProperties)}>${optionsOf(rest)}`;
  }
  if (properties === undefined || additionalProperties !== false) return undefined;
  const words = Object.entries(properties).map(([key, value]) => {
    const name = NAME.test(key) ? key : JSON.stringify(key);
    return `${name}${required?.includes(key) ? "" : "?"}: ${printType(value)}`;
  });
  return `{ ${words.join(", ")} }${optionsOf(rest)}`;
}

/** The word whose own schema leaves the fewest options to be written. */
function namedOf(schema: JsonSchema): string | undefined {
  const candidates = [...NAMED_TYPES].flatMap(([name, make]) => {
    const plain: Readonly<Record<string, unknown>> = { ...make({}) };
    if (!Object.keys(plain).every((key) => key in schema)) return [];
    const given = Object.entries(schema)
      .filter(
        ([key, value]) => !(key in plain) || canonicalJson(value) !== canonicalJson(plain[key]),
      )
      .map((entry) => (entry[1] === "cString" ? ["noNul", true] : entry));
    const words = name + optionsOf(Object.fromEntries(given));
    return isReadAs(words, schema) ? [words] : [];
  });
  return candidates.sort((a, b) => a.length - b.length)[0];
}

function optionsOf(options: object): string {
  const list = optionList(options);
  return list.length === 0 ? "" : `(${list.join(", ")})`;
}

function optionList(options: object): string[] {
  return Object.entries(options).map(([key, value]) => {
    const name = NAME.test(key) ? key : JSON.stringify(key);
    return `${name}: ${JSON.stringify(value)}`;
  });
}
