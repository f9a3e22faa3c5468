import type { AggregateType, CType, EnumType, ScalarType } from "../types/ctype.js";
import { NATIVE_TYPES } from "../types/types.js";
import { type FunctionShape, isConst, type Shape, type Tag } from "./shape.js";

/**
 * Whether two declarations of one name may stand beside each other: C's compatible types (C11
 * 6.2.7), by what the call engine tells apart. Types of the same machine type are compatible
 * (`long` and `long long` where both have 64 bits), and what was handed in as a type is with most.
 */
export function areCompatible(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (isConst(a) !== isConst(b)) return false;
  switch (a.kind) {
    case "base":
      if (b.kind === "base") return areSameTypes(a.type, b.type);
      return b.kind === "tag" ? isTagged(b.tag, a.type) : isOtherType(a.type);
    case "tag":
      if (b.kind === "tag") return a.tag === b.tag;
      return b.kind === "base" && isTagged(a.tag, b.type);
    case "pointer":
      if (b.kind === "pointer") return areCompatible(a.target, b.target);
      break;
    case "array":
      if (b.kind !== "array") break;
      if (a.length !== undefined && b.length !== undefined && a.length !== b.length) return false;
      return areCompatible(a.element, b.element);
    case "function":
      if (b.kind === "function") return areCompatibleFunctions(a, b);
      break;
  }
  return b.kind === "base" && isOtherType(b.type);
}

function areCompatibleFunctions(a: FunctionShape, b: FunctionShape): boolean {
  if (!areCompatible(unqualified(a.result), unqualified(b.result))) return false;
  const areConventions = a.convention !== undefined && b.convention !== undefined;
  if (areConventions && a.convention !== b.convention) return false;
  if (a.isUnspecified || b.isUnspecified) return true;
  if (a.isVariadic !== b.isVariadic || a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every(({ shape }, index) => {
    const other = b.parameters[index];
    return other !== undefined && areCompatible(parameterType(shape), parameterType(other.shape));
  });
}

/** Arrays and functions are pointers, and qualifiers of the parameter itself do not count. */
function parameterType(shape: Shape): Shape {
  if (shape.kind === "array" || shape.kind === "function") {
    const target = shape.kind === "array" ? shape.element : shape;
    return { kind: "pointer", target, isConst: false, nullability: undefined };
  }
  return unqualified(shape);
}

function unqualified(shape: Shape): Shape {
  if (shape.kind === "array" || shape.kind === "function" || !shape.isConst) return shape;
  return { ...shape, isConst: false };
}

function isTagged(tag: Tag, type: CType): boolean {
  if (tag.type !== undefined) return areSameTypes(tag.type, type);
  return type.kind === "opaque" && (type.name === tag.name || tag.problem !== undefined);
}

/** A pointer, function or array that was handed in. */
function isOtherType({ kind }: CType): boolean {
  return kind === "pointer" || kind === "function" || kind === "array";
}

function areSameTypes(a: CType, b: CType): boolean {
  if (a === b) return true;
  if (a.kind === "scalar" && b.kind === "scalar") {
    return NATIVE_TYPES[a.value] === NATIVE_TYPES[b.value];
  }
  if (a.kind === "enum" && b.kind === "enum") return areSameEnums(a, b);
  if (a.kind === "enum" && b.kind === "scalar") return isIntegerOf(b, a);
  if (a.kind === "scalar" && b.kind === "enum") return isIntegerOf(a, b);
  // Names of what is not supported: va_list and __builtin_va_list are one type, and there are more.
  if (a.kind === "opaque" || b.kind === "opaque") return a.kind === b.kind;
  if (isAggregate(a) && isAggregate(b)) return areSameAggregates(a, b);
  return isOtherType(a) && isOtherType(b);
}

/** An enumeration is compatible with an integer that the compiler chooses, signed or not. */
function isIntegerOf({ value, size }: ScalarType, type: EnumType): boolean {
  return /int/.test(NATIVE_TYPES[value]) && size === type.size;
}

function areSameEnums(a: EnumType, b: EnumType): boolean {
  const names = Object.keys(a.members);
  return (
    a.name === b.name &&
    names.length === Object.keys(b.members).length &&
    names.every((name) => Object.hasOwn(b.members, name) && a.members[name] === b.members[name])
  );
}

function isAggregate(type: CType): type is AggregateType {
  return type.kind === "struct" || type.kind === "union";
}

/** The same text twice makes two types; an alignment of its own a third. */
function areSameAggregates(a: AggregateType, b: AggregateType): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.fields.length === b.fields.length &&
    a.fields.every((field, index) => {
      const other = b.fields[index];
      return (
        other !== undefined &&
        field.name === other.name &&
        field.offset === other.offset &&
        field.bits?.start === other.bits?.start &&
        field.bits?.width === other.bits?.width &&
        areSameFields(field.type, other.type)
      );
    })
  );
}

/** Pointers by name: what they point to may be the struct that is compared. */
function areSameFields(a: CType, b: CType): boolean {
  if (a.kind === "array" && b.kind === "array") {
    return a.length === b.length && areSameFields(a.element, b.element);
  }
  return isOtherType(a) || isOtherType(b) ? a.name === b.name : areSameTypes(a, b);
}
