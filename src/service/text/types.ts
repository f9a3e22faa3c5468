import { SCHEMA_OF_SCHEMAS } from "../document/schema-of-schemas.js";
import { quote } from "../names.js";
import type { JsonSchema, OptionalSchema, Schema } from "../schema/json-schema.js";
import { t } from "../schema/t.js";
import { validate } from "../schema/validate.js";
import type { Cursor } from "./cursor.js";
import { parseJsonValue } from "./json-values.js";
import { NAMED_TYPES } from "./named-types.js";
import type { Token } from "./tokens.js";

type Options = Readonly<Record<string, unknown>>;

/** Reads a type: what `t` makes, in words. */
export function parseType(cursor: Cursor): Schema {
  return cursor.nested(() => {
    const start = cursor.token;
    const first = parsePostfix(cursor);
    if (!cursor.accept("|")) return first;
    const branches = [first, parsePostfix(cursor)];
    while (cursor.accept("|")) branches.push(parsePostfix(cursor));
    return checked(cursor, start, t.union(branches));
  });
}

/** What follows a colon: `type`, or `type = default`, which makes it optional. */
export function parseTyped(cursor: Cursor, isOptional: boolean): Schema | OptionalSchema {
  const start = cursor.token;
  const schema = parseType(cursor);
  if (!cursor.accept("=")) return isOptional ? t.optional(schema) : schema;
  return t.optional(checked(cursor, start, { ...schema, default: parseJsonValue(cursor) }));
}

/** A type with `[]` after it, as often as there are. */
function parsePostfix(cursor: Cursor): Schema {
  const start = cursor.token;
  return parseArrays(cursor, start, parsePrimary(cursor));
}

function parseArrays(cursor: Cursor, start: Token, items: Schema): Schema {
  if (!cursor.accept("[")) return items;
  cursor.expect("]", 'after "["');
  const schema = checked(cursor, start, t.array(items, parseOptions(cursor)));
  return cursor.nested(() => parseArrays(cursor, start, schema));
}

function parsePrimary(cursor: Cursor): Schema {
  const start = cursor.token;
  if (cursor.accept("{")) return parseObject(cursor, start);
  if (cursor.accept("(")) {
    const inner = cursor.nested(() => parseType(cursor));
    cursor.expect(")", "after the type");
    return withOptions(cursor, start, inner);
  }
  const isLiteral = start.kind === "string" || start.kind === "number";
  if (isLiteral || start.text === "true" || start.text === "false") {
    return withOptions(cursor, start, { const: parseJsonValue(cursor) });
  }
  const name = cursor.takeName("a type");
  switch (name) {
    case "array":
      return cursor.nested(() => {
        cursor.expect("<", 'after "array"');
        const items = parseType(cursor);
        cursor.expect(">", "after the type of items");
        return withOptions(cursor, start, t.array(items));
      });
    case "map":
      return parseMap(cursor, start);
    case "enum":
      return parseEnum(cursor, start);
    case "literal":
      return withOptions(
        cursor,
        start,
        parseOne(cursor, (value) => ({ const: value })),
      );
    case "ref":
      return parseOne(cursor, (id) => {
        if (typeof id === "string") return t.ref(id);
        throw cursor.error(start, "ref needs the identifier of a schema, in quotes");
      });
    case "schema":
      return parseOne(cursor, (value) => requireSchema(cursor, start, value as JsonSchema));
  }
  const make = NAMED_TYPES.get(name);
  if (make === undefined) {
    const known = [...NAMED_TYPES.keys(), ...COMPOUND].join(", ");
    throw cursor.error(start, `unknown type ${quote(name)}; known: ${known}`);
  }
  return checked(cursor, start, make(parseOptions(cursor)));
}

const COMPOUND = ["array<T>", "map<T>", "enum(...)", "literal(...)", "ref(...)", "schema({...})"];

function parseObject(cursor: Cursor, start: Token): Schema {
  return cursor.nested(() => {
    const properties = new Map<string, Schema | OptionalSchema>();
    cursor.list("}", "a property", () => {
      const { token } = cursor;
      const name = token.kind === "string" ? cursor.takeString("") : cursor.takeName("a property");
      if (properties.has(name)) throw cursor.error(token, `a second property ${quote(name)}`);
      const isOptional = cursor.accept("?");
      cursor.expect(":", "and a type");
      properties.set(name, parseTyped(cursor, isOptional));
    });
    const schema = t.object(Object.fromEntries(properties));
    return withOptions(cursor, start, schema);
  });
}

/** `map<T>`, or `map<K, T>` with a type of keys. */
function parseMap(cursor: Cursor, start: Token): Schema {
  return cursor.nested(() => {
    cursor.expect("<", 'after "map"');
    const first = parseType(cursor);
    const values = cursor.accept(",") ? parseType(cursor) : undefined;
    cursor.expect(">", "after the type of values");
    const schema =
      values === undefined ? t.map(first) : t.map(values, { keys: first as Schema<string> });
    return withOptions(cursor, start, schema);
  });
}

/** `enum("a", "b", title: "...")`: the values, then options. */
function parseEnum(cursor: Cursor, start: Token): Schema {
  const values: unknown[] = [];
  cursor.expect("(", 'after "enum"');
  const isOption = (): boolean => cursor.token.kind === "name" && !isWord(cursor.token.text);
  const options = new Map<string, unknown>();
  cursor.list(")", "a value", () => {
    if (isOption() || options.size > 0) parseOption(cursor, options);
    else values.push(parseJsonValue(cursor));
  });
  return checked(cursor, start, { enum: values, ...Object.fromEntries(options) });
}

function isWord(text: string): boolean {
  return text === "true" || text === "false" || text === "null";
}

function parseOne(cursor: Cursor, make: (value: unknown) => Schema): Schema {
  cursor.expect("(", "and a value");
  const value = parseJsonValue(cursor);
  cursor.expect(")", "after the value");
  return make(value);
}

function withOptions(cursor: Cursor, start: Token, schema: Schema): Schema {
  const options = parseOptions(cursor);
  return checked(cursor, start, { ...schema, ...options });
}

/** `(minLength: 1, title: "Name")`, or nothing. */
function parseOptions(cursor: Cursor): Options {
  const options = new Map<string, unknown>();
  if (cursor.accept("(")) {
    cursor.list(")", "an option", () => parseOption(cursor, options));
  }
  return Object.fromEntries(options);
}

function parseOption(cursor: Cursor, options: Map<string, unknown>): void {
  const { token } = cursor;
  const isQuoted = token.kind === "string";
  const name = isQuoted ? cursor.takeString("") : cursor.takeName("an option such as minLength");
  if (options.has(name)) throw cursor.error(token, `a second ${quote(name)}`);
  if (STRUCTURE.has(name)) throw cursor.error(token, `${quote(name)} is what the type itself says`);
  cursor.expect(":", "after the name of an option");
  options.set(name, parseJsonValue(cursor));
}

/** Keywords that types are made of; options only limit and describe. */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...["$ref", "$defs", "type", "x-kind", "contentEncoding", "items", "properties", "required"],
  ...["additionalProperties", "propertyNames", "anyOf", "const", "enum"],
]);

/** Options are whatever was written: with them it has to be a schema still. */
function checked(cursor: Cursor, at: Token, schema: Schema): Schema {
  // What is inside has been looked at, and would be again at every level.
  const own = Object.entries(schema).filter(([key]) => !STRUCTURE.has(key));
  return requireSchema(cursor, at, Object.fromEntries(own)) && schema;
}

function requireSchema(cursor: Cursor, at: Token, schema: Schema): Schema {
  if (schema["x-kind"] === "standard") return schema;
  const [error] = validate(SCHEMA_OF_SCHEMAS, schema, { form: "json" });
  if (error === undefined) return schema;
  throw cursor.error(at, `this type${error.message.slice("value".length)}`);
}
