import { ArgumentError } from "../../errors/index.js";
import { requireInteger } from "../../internal/options.js";
import type { CType, EnumType, ScalarType } from "./ctype.js";
import { resolveType, type TypeSpec } from "./type-names.js";
import { NATIVE_TYPES } from "./types.js";

/** A field of some bits; what `bits` gives. Not a type: it exists in structs and unions only. */
export class BitField<T extends TypeSpec = TypeSpec> {
  declare readonly spec: T;
  readonly type: ScalarType | EnumType;
  readonly width: number;

  constructor(spec: T, width: number) {
    const type = resolveType(spec, "the type of a bit-field");
    if (!isInteger(type)) {
      throw new ArgumentError(`a bit-field must have an integer type, got ${type.name}`);
    }
    const bits = type.value === "bool" ? 1 : type.size * 8;
    requireInteger(width, `bits of a bit-field of ${type.name}`, 0, bits);
    this.type = type;
    this.width = width;
  }
}

function isInteger(type: CType): type is ScalarType | EnumType {
  if (type.kind === "enum") return true;
  if (type.kind !== "scalar") return false;
  return /^(bool|char|u?int\d+)$/.test(NATIVE_TYPES[type.value]);
}
