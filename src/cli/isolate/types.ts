import type { CType } from "../../ffi/types/ctype.js";
import type { ValueType } from "../../ffi/types/types.js";
import { UsageError } from "../failure.js";

/** The helper protocol's words: docs/helper-protocol.md. */
const WORDS = {
  void: "void",
  bool: "bool",
  flag: "uint8",
  char: "char",
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  uint64: "uint64",
  long: "long",
  ulong: "unsigned long",
  size: "size_t",
  float32: "float",
  float64: "double",
  pointer: "pointer",
  text: "string",
  nullableText: "string",
  text16: "utf16",
  text32: "utf32",
  extended: "long double",
} as const satisfies Record<ValueType, string>;

/** A type as the helper protocol names it. Throws a UsageError for one that it does not have. */
export function protocolType(type: CType, where: string): unknown {
  switch (type.kind) {
    case "scalar":
    case "enum":
      return WORDS[type.value];
    case "function":
      return "pointer";
    case "pointer": {
      const target = type.target();
      if (target.kind === "opaque") return "pointer";
      const name = type.direction === "in" ? "pointer" : "inout";
      return { [name]: protocolType(target, where) };
    }
    case "array":
      return { array: [protocolType(type.element, where), type.length ?? 0] };
    case "struct":
    case "union": {
      const fields = type.fields.map(({ name, type: field, bits }) => {
        if (name === undefined || bits !== undefined) {
          throw new UsageError(`${where}: bit-fields and nameless members cannot be passed here`);
        }
        return [name, protocolType(field, `${where}.${name}`)];
      });
      return { [type.kind]: fields };
    }
    case "opaque":
      throw new UsageError(`${where}: ${type.name} has no definition here`);
  }
}
