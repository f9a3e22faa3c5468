import { ArgumentError, unnamedParameter } from "../errors/index.js";
import { concreteType, parsePrototype } from "../ffi/deferred.js";
import type { CType, Declaration, ValueType } from "../ffi/index.js";
import type { CFunctionBinding, ParameterDefinition } from "./definition.js";
import type { JsonSchema, Schema } from "./schema/json-schema.js";
import { t } from "./schema/t.js";

const POINTER: Schema = { "x-kind": "pointer" };
const C_STRING = t.string({ noNul: true });
const NULLABLE = t.union([C_STRING, t.null()]);

/**
 * The schemas of C types, as an argument and as a result. Where the two differ, C gives more than
 * it takes: a `const char *` result may be the null pointer.
 */
const C_SCHEMAS = {
  void: [t.void(), t.void()],
  bool: [t.boolean(), t.boolean()],
  flag: [t.union([t.boolean(), t.uint8()]), t.uint8()],
  int8: [t.int8(), t.int8()],
  uint8: [t.uint8(), t.uint8()],
  int16: [t.int16(), t.int16()],
  uint16: [t.uint16(), t.uint16()],
  int32: [t.int32(), t.int32()],
  uint32: [t.uint32(), t.uint32()],
  int64: [t.int64(), t.int64()],
  uint64: [t.uint64(), t.uint64()],
  // A bigint on every platform; where C's long has 32 bits the call engine checks the rest.
  long: [t.int64(), t.int64()],
  ulong: [t.uint64(), t.uint64()],
  size: [sizeSchema(), sizeSchema()],
  float32: [t.float64(), t.float64()],
  float64: [t.float64(), t.float64()],
  pointer: [POINTER, POINTER],
  text: [C_STRING, NULLABLE],
  nullableText: [NULLABLE, NULLABLE],
  text16: [NULLABLE, NULLABLE],
  text32: [NULLABLE, NULLABLE],
  extended: [t.float64(), t.float64()],
} as const satisfies Record<Exclude<ValueType, "char">, readonly [Schema, Schema]>;

/** `size_t` as a number: whatever a double holds exactly. */
function sizeSchema(): Schema<number> {
  return { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
}

/** A C prototype, read. */
export interface ReadPrototype {
  readonly text: string;
  readonly declaration: Declaration;
  /** Of calls in JavaScript. */
  readonly parameters: readonly ParameterDefinition[];
  readonly result: JsonSchema;
}

/** Reading takes as long as all else that a client does for a method, so it is done once. */
const prototypes = new WeakMap<CFunctionBinding, ReadPrototype>();

/** The prototype of a binding. Throws an ArgumentError with the column of a mistake. */
export function prototypeOf(native: CFunctionBinding): ReadPrototype {
  const { declaration: text } = native;
  let prototype = prototypes.get(native);
  if (prototype?.text !== text) {
    prototype = readPrototype(text);
    prototypes.set(native, prototype);
  }
  return prototype;
}

function readPrototype(text: string): ReadPrototype {
  const declaration = parsePrototype(text);
  const parameters = declaration.parameters.map(({ name, type }, index) => ({
    name: name ?? unnamedParameter(index),
    schema: schemaOf(type, TAKEN),
    optional: false,
  }));
  return { text, declaration, parameters, result: schemaOf(declaration.result, GIVEN) };
}

const TAKEN = 0;
const GIVEN = 1;

function schemaOf(type: CType, side: typeof TAKEN | typeof GIVEN): Schema {
  switch (type.kind) {
    case "scalar":
    case "enum":
      return C_SCHEMAS[concreteType(type.value)][side];
    case "pointer":
    case "function":
      return POINTER;
    case "struct":
    case "union":
    case "array":
    case "opaque":
      throw new ArgumentError(
        `${type.name} has no schema: a service method takes and gives numbers, strings and bytes`,
      );
  }
}

export function isPointer(schema: JsonSchema): boolean {
  return schema["x-kind"] === "pointer";
}

/** The kinds of JavaScript values a schema takes: what has to agree between schema and C type. */
export function valueKinds(schema: JsonSchema): ReadonlySet<string> {
  switch (schema["x-kind"]) {
    case "int64":
    case "uint64":
      return new Set(["integer"]);
    case "float64":
      return new Set(["number"]);
    case "cString":
      return new Set(["string"]);
    case "bytes":
      return new Set(["bytes"]);
    case "data":
      return new Set(["string", "bytes"]);
    case "datetime":
      return new Set(["datetime"]);
    case "pointer":
      return new Set(["pointer"]);
    case "void":
      return new Set(["void"]);
    case "standard":
      // What its library makes of a value is not seen from here.
      return new Set(["unknown"]);
    case undefined:
      break;
  }
  if (schema.anyOf !== undefined) {
    return new Set(schema.anyOf.flatMap((branch) => [...valueKinds(branch)]));
  }
  const choices = schema.const !== undefined ? [schema.const] : schema.enum;
  if (choices !== undefined) return new Set(choices.map(kindOfLiteral));
  return new Set([schema.type ?? "any"]);
}

function kindOfLiteral(value: unknown): string {
  if (value === null) return "null";
  return Number.isInteger(value) ? "integer" : typeof value;
}
