import { ArgumentError } from "../../errors/index.js";
import { requireInteger, requireOneOf, requireString } from "../../internal/options.js";
import {
  type AggregateOptions,
  type FieldList,
  type FieldRecord,
  makeAggregate,
  realign,
  repack,
  requireAlignment,
} from "./aggregate.js";
import { BitField } from "./bit-field.js";
import type { ArrayType, CType, Direction, OpaqueType, PointerType } from "./ctype.js";
import type {
  AlignedOf,
  ArrayOf,
  FlexibleArrayOf,
  PointerTo,
  StructOf,
  UnionOf,
  UntypedStruct,
  UntypedUnion,
  ViewOf,
} from "./static-types.js";
import { resolveComplete, resolveType, type TypeSpec } from "./type-names.js";
import { isType, MAX_TYPE_BYTES, makeType, uniqueKey } from "./type-object.js";
import { viewOver } from "./views.js";

/**
 * A C struct: `struct({ x: "float64", y: "float64" })`, or with its tag
 * `struct("point", { ... })`. Size, alignment and offsets are the C compiler's. Fields in pairs
 * (`[["kind", "int"], [undefined, union({ ... })]]`) may be anonymous structs and unions.
 */
export function struct<const F extends FieldRecord>(
  fields: F,
  options?: AggregateOptions,
): StructOf<F>;
export function struct<const F extends FieldRecord>(
  name: string,
  fields: F,
  options?: AggregateOptions,
): StructOf<F>;
export function struct(fields: FieldList, options?: AggregateOptions): UntypedStruct;
export function struct(name: string, fields: FieldList, options?: AggregateOptions): UntypedStruct;
export function struct(first: unknown, second?: unknown, third?: unknown): unknown {
  return typeof first === "string"
    ? makeAggregate("struct", first, second, third)
    : makeAggregate("struct", undefined, first, second);
}

/** A C union; as `struct`. */
export function union<const F extends FieldRecord>(
  fields: F,
  options?: AggregateOptions,
): UnionOf<F>;
export function union<const F extends FieldRecord>(
  name: string,
  fields: F,
  options?: AggregateOptions,
): UnionOf<F>;
export function union(fields: FieldList, options?: AggregateOptions): UntypedUnion;
export function union(name: string, fields: FieldList, options?: AggregateOptions): UntypedUnion;
export function union(first: unknown, second?: unknown, third?: unknown): unknown {
  return typeof first === "string"
    ? makeAggregate("union", first, second, third)
    : makeAggregate("union", undefined, first, second);
}

/**
 * `length` values of a type. Without a length: the flexible last member of a struct, or `T[]` of a
 * parameter.
 */
export function array<const T extends TypeSpec>(type: T): FlexibleArrayOf<T>;
export function array<const T extends TypeSpec>(type: T, length: number | undefined): ArrayOf<T>;
export function array(type: TypeSpec, length?: number): ArrayOf<TypeSpec> {
  const element = resolveComplete(type, "the element type of an array");
  if (element.kind === "array" && element.length === undefined) {
    throw new ArgumentError(
      "the element type of an array must have a length, got a flexible array",
    );
  }
  if (element.size % element.alignment !== 0) {
    throw new ArgumentError(
      `the element type of an array must have a size that is a multiple of its alignment, got ` +
        `${element.name} of ${element.size} bytes aligned to ${element.alignment}`,
    );
  }
  if (length !== undefined) {
    const most = Math.floor(MAX_TYPE_BYTES / Math.max(element.size, 1));
    requireInteger(length, "the length of an array", 0, most);
  }
  const made = makeType<ArrayType & Pick<ArrayOf<TypeSpec>, "view">>({
    kind: "array",
    get name() {
      return arrayName(element, length);
    },
    key: `${element.key}[${length ?? ""}]`,
    size: element.size * (length ?? 0),
    alignment: element.alignment,
    element,
    length,
    view(memory, byteOffset) {
      return viewOver(this, memory, byteOffset) as ViewOf<ArrayOf<TypeSpec>>;
    },
  });
  return made as ArrayOf<TypeSpec>;
}

/** C writes the outer dimension first: `int32_t[3][4]` is three arrays of four. */
function arrayName(element: CType, length: number | undefined): string {
  const dimensions = /^(.*?)((?:\[\d+\])*)$/.exec(element.name);
  return `${dimensions?.[1] ?? element.name}[${length ?? ""}]${dimensions?.[2] ?? ""}`;
}

/**
 * A pointer to one value or more of a type. `direction` says which way a JavaScript value passed
 * for it is copied: into memory before the call, back after it, or both (the default). A function
 * that gives the type serves for a struct that points to itself:
 * `pointer((): CType => Node)`.
 */
export function pointer<const T extends TypeSpec>(
  type: T | (() => T),
  direction: Direction = "inout",
): PointerTo<T> {
  requireOneOf(direction, "direction", ["in", "out", "inout"]);
  const isLate = typeof type === "function" && !isType(type);
  const known = isLate ? undefined : resolveType(type, "the target of a pointer");
  let found = known;
  const target = () => {
    found ??= resolveType((type as () => unknown)(), "the target of a pointer");
    return found;
  };
  const made = makeType<PointerType>({
    kind: "pointer",
    get name() {
      return `${target().name} *`;
    },
    key: known === undefined ? uniqueKey("p") : `*${direction}(${known.key})`,
    size: 8,
    alignment: 8,
    target,
    direction,
  });
  return made as PointerTo<T>;
}

/** The same struct or union with no member aligned, or a packed struct of these fields. */
export function packed<const F extends FieldRecord>(fields: F): StructOf<F>;
export function packed<T extends CType>(type: T): T;
export function packed(fields: FieldList): UntypedStruct;
export function packed(value: unknown): unknown {
  if (!isType(value)) return makeAggregate("struct", undefined, value, { packed: true });
  if (value.kind === "struct" || value.kind === "union") return repack(value);
  throw new ArgumentError(`only a struct or union can be packed, got ${value.name}`);
}

/** The same type aligned to at least `bytes`, a power of two up to 65536. */
export function aligned<const T extends TypeSpec>(type: T, bytes: number): AlignedOf<T> {
  requireAlignment(bytes, "bytes");
  return realign(resolveComplete(type, "the type to align"), bytes) as AlignedOf<T>;
}

/** A bit-field of a struct: `bits("uint32", 3)`. Width 0, without a name, closes the unit. */
export function bits<const T extends TypeSpec>(type: T, width: number): BitField<T> {
  return new BitField(type, width);
}

/** A type without a definition, such as `FILE`, for pointers to it. */
export function opaque(name: string): OpaqueType {
  requireString(name, "name");
  return makeType<OpaqueType>({ kind: "opaque", name, key: uniqueKey("o"), size: 0, alignment: 1 });
}
