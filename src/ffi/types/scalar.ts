import type { ScalarType } from "./ctype.js";
import { makeType } from "./type-object.js";
import { NATIVE_TYPES, type ValueType } from "./types.js";

/** Bytes of each native scalar, which is also its alignment in every ABI we support. */
const BYTES = {
  void: 0,
  bool: 1,
  char: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  pointer: 8,
  extended: 16,
} as const satisfies Record<(typeof NATIVE_TYPES)[ValueType], number>;

/** As C writes them, for messages. */
const C_NAMES = {
  void: "void",
  bool: "bool",
  flag: "uint8_t",
  char: "char",
  int8: "int8_t",
  uint8: "uint8_t",
  int16: "int16_t",
  uint16: "uint16_t",
  int32: "int32_t",
  uint32: "uint32_t",
  int64: "int64_t",
  uint64: "uint64_t",
  long: "long",
  ulong: "unsigned long",
  size: "size_t",
  float32: "float",
  float64: "double",
  pointer: "void *",
  text: "const char *",
  nullableText: "const char *",
  text16: "const char16_t *",
  text32: "const char32_t *",
  extended: "long double",
} as const satisfies Record<ValueType, string>;

const cache = new Map<ValueType, ScalarType>();

/** The type of a value type; the same object every time. */
export function scalarType(value: ValueType): ScalarType {
  const known = cache.get(value);
  if (known !== undefined) return known;
  const size = BYTES[NATIVE_TYPES[value]];
  const type = makeType<ScalarType>({
    kind: "scalar",
    name: C_NAMES[value],
    key: value,
    size,
    alignment: Math.max(size, 1),
    value,
  });
  cache.set(value, type);
  return type;
}
