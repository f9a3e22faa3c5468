import type { MemoryHolder } from "../memory/memory-holder.js";
import type { FieldRecord } from "./aggregate.js";
import type { BitField } from "./bit-field.js";
import type {
  AggregateType,
  ArrayType,
  CType,
  EnumType,
  FunctionType,
  PointerType,
} from "./ctype.js";
import type { LongDoubleName, TYPE_NAMES, TypeSpec } from "./type-names.js";
import type { ValueType } from "./types.js";
import type { ArgumentValues, Memory, ResultValues } from "./value-types.js";

/* What JavaScript values the types made by the constructors take and give. No code at run time. */

declare const VALUES: unique symbol;

/** Carries the static values of a type; nothing is there at run time. */
export interface Valued<V extends Values> {
  readonly [VALUES]?: V;
}

interface Values {
  /** Written into memory: a field, an element, an argument by value. */
  takes: unknown;
  /** Read from memory. */
  gives: unknown;
  /** As a part of a view. */
  seen: unknown;
  /** As an argument, where that is more than `takes`. */
  argument: unknown;
  /** A struct whose last member has no length. */
  isFlexible?: boolean;
}

/** The value a type gives: `ValueOf<typeof Point>` is `{ x: number; y: number }`. */
export type ValueOf<T extends TypeSpec> = Part<T, "gives">;
/** What can be written where the type is expected. */
export type WritableOf<T extends TypeSpec> = Part<T, "takes">;
/** The accessors of `type.view()`. */
export type ViewOf<T extends TypeSpec> = Part<T, "seen">;
/** What a parameter of the type takes. */
export type ArgumentOf<T> = Part<T, "argument">;

type Part<T, P extends keyof NameValues<string>> = T extends string
  ? NameValues<T>[P]
  : T extends { readonly [VALUES]?: infer V }
    ? V extends Values
      ? V[P]
      : unknown
    : unknown;

interface NameValues<T extends string> {
  takes: ValueTypeOf<T> extends infer V extends ValueType ? FieldValues[V] : unknown;
  gives: ValueTypeOf<T> extends infer V extends ValueType ? ResultValues[V] : unknown;
  seen: ValueTypeOf<T> extends infer V extends ValueType ? ResultValues[V] : unknown;
  argument: ValueTypeOf<T> extends infer V extends ValueType ? ArgumentValues[V] : unknown;
}

export type ValueTypeOf<T extends string> = T extends keyof typeof TYPE_NAMES
  ? (typeof TYPE_NAMES)[T]
  : T extends LongDoubleName
    ? "extended"
    : undefined;

type Address = bigint | MemoryHolder | null;

/** What a field takes, where that is not what an argument takes. */
type FieldValues = Omit<ArgumentValues, "pointer" | "text" | "nullableText" | "text16" | "text32"> &
  Record<"pointer", Address | Memory | string> &
  Record<"text" | "nullableText" | "text16" | "text32", Address | string>;

type FieldPart<T, P extends "takes" | "gives" | "seen"> =
  T extends BitField<infer S> ? Part<S, P> : Part<T, P>;

/** The keys of fields without a length, which a value may leave out and which are not read. */
type FlexibleKeys<F> = {
  [K in keyof F]: F[K] extends { readonly kind: "array"; readonly length: undefined } ? K : never;
}[keyof F];

type FieldsTaken<F> = {
  readonly [K in Exclude<keyof F, FlexibleKeys<F>>]: FieldPart<F[K], "takes">;
} & { readonly [K in FlexibleKeys<F>]?: FieldPart<F[K], "takes"> };
type FieldsGiven<F> = {
  -readonly [K in Exclude<keyof F, FlexibleKeys<F>>]: FieldPart<F[K], "gives">;
};
/** Accessors over a struct's memory. */
type FieldsSeen<F> = {
  -readonly [K in keyof F]: FieldPart<F[K], "seen">;
};
/** Exactly one member. */
type MemberTaken<F> = {
  [K in keyof F]: { readonly [P in K]: FieldPart<F[P], "takes"> };
}[keyof F];

/** Makes accessors over memory: new memory, or a buffer from a byte offset on. */
interface Viewable<Seen> {
  view(memory?: Memory | MemoryHolder, byteOffset?: number): Seen;
}

export interface StructOf<F extends FieldRecord>
  extends AggregateType,
    Viewable<FieldsSeen<F>>,
    Valued<{
      takes: FieldsTaken<F> | FieldsSeen<F>;
      gives: FieldsGiven<F>;
      seen: FieldsSeen<F>;
      argument: FieldsTaken<F> | FieldsSeen<F>;
      isFlexible: [FlexibleKeys<F>] extends [never] ? false : true;
    }> {}

export interface UnionOf<F extends FieldRecord>
  extends AggregateType,
    Viewable<FieldsSeen<F>>,
    Valued<{
      takes: MemberTaken<F> | FieldsSeen<F>;
      gives: FieldsSeen<F>;
      seen: FieldsSeen<F>;
      argument: MemberTaken<F> | FieldsSeen<F>;
    }> {}

type AnyFields = Record<string, unknown>;
export interface UntypedStruct
  extends AggregateType,
    Viewable<AnyFields>,
    Valued<{ takes: object; gives: AnyFields; seen: AnyFields; argument: object }> {}
export type UntypedUnion = UntypedStruct;

/** The typed array over elements of a type. */
type TypedArrayOf<T> = T extends string
  ? ValueTypeOf<T> extends infer V extends keyof TypedArrays
    ? TypedArrays[V]
    : never
  : never;
interface TypedArrays {
  char: Int8Array | Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  flag: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
}

/**
 * An array's elements in memory, where no typed array can show them. Types do not know one case:
 * numbers at addresses that are not multiples of their size, as in packed structs.
 */
export interface ArrayView<Seen, Takes> extends Iterable<Seen> {
  readonly length: number;
  at(index: number): Seen;
  set(index: number, value: Takes): void;
}

export interface ArrayOf<T extends TypeSpec>
  extends ArrayType,
    Viewable<ElementsSeen<T>>,
    Valued<{
      takes: ElementsTaken<T>;
      gives: ElementsGiven<T>;
      seen: ElementsSeen<T>;
      argument: ElementsTaken<T> | Address | Memory;
    }> {}

export interface FlexibleArrayOf<T extends TypeSpec> extends ArrayOf<T> {
  readonly length: undefined;
}

type IsChar<T> = T extends string ? (ValueTypeOf<T> extends "char" ? true : false) : false;
type ElementsTaken<T extends TypeSpec> =
  | readonly Part<T, "takes">[]
  | TypedArrayOf<T>
  | ArrayView<Part<T, "seen">, never>
  | (IsChar<T> extends true ? string : never);
type ElementsGiven<T extends TypeSpec> =
  IsChar<T> extends true
    ? string
    : TypedArrayOf<T> extends infer A
      ? [A] extends [Uint8Array]
        ? [A] extends [never]
          ? Part<T, "gives">[]
          : A
        : Part<T, "gives">[]
      : never;
type ElementsSeen<T extends TypeSpec> =
  IsChar<T> extends true
    ? string
    : [TypedArrayOf<T>] extends [never]
      ? ArrayView<Part<T, "seen">, Part<T, "takes">>
      : TypedArrayOf<T>;

/** The accessors over memory for one value. */
export type OneView<T extends TypeSpec> = T extends {
  readonly kind: "struct" | "union" | "array";
}
  ? ViewOf<T>
  : ElementsSeen<T>;

/** The accessors over memory for a number of values: its elements, but one flexible struct. */
export type ManyView<T extends TypeSpec> = T extends {
  readonly [VALUES]?: { isFlexible: true };
}
  ? ViewOf<T>
  : ElementsSeen<T>;

export interface PointerTo<T extends TypeSpec>
  extends PointerType,
    Valued<{
      takes: Address | Memory;
      gives: bigint;
      seen: bigint;
      argument: Address | undefined | Memory | Pointed<T>;
    }> {}

/** What is copied for the call: a struct, or an array that holds one value or more. */
type Pointed<T extends TypeSpec> = T extends string
  ? ValueTypeOf<T> extends "void" | "char"
    ? string
    : readonly Part<T, "takes">[]
  : Part<T, "takes"> | readonly Part<T, "takes">[];

export type IntegerName = {
  [K in keyof typeof TYPE_NAMES]: (typeof TYPE_NAMES)[K] extends
    | "int8"
    | "uint8"
    | "int16"
    | "uint16"
    | "int32"
    | "uint32"
    | "int64"
    | "uint64"
    | "char"
    | "long"
    | "ulong"
    | "flag"
    | "size"
    ? K
    : never;
}[keyof typeof TYPE_NAMES];

type MemberNames<M> = M extends readonly (infer N extends string)[] ? N : keyof M & string;
/** Names are checked; a number may be any of the base type. */
export interface EnumOf<M, B extends string>
  extends EnumType,
    Valued<{
      takes: MemberNames<M> | Part<B, "takes">;
      gives: Part<B, "gives">;
      seen: Part<B, "gives">;
      argument: MemberNames<M> | Part<B, "takes">;
    }> {}

export interface CallbackSignature {
  readonly arguments?: readonly TypeSpec[];
  readonly return?: TypeSpec;
}

export interface CallbackOf<S extends CallbackSignature>
  extends FunctionType,
    Valued<{
      takes: bigint | null;
      gives: bigint;
      seen: bigint;
      argument: bigint | null | ScriptFunction<S>;
    }> {}

/** The signature of what `callback` gave; never of a type without static values, as `cdef`'s. */
export type SignatureOf<T> = typeof VALUES extends keyof T
  ? T extends CallbackOf<infer S>
    ? S
    : never
  : never;

/**
 * The JavaScript function that C can call: it gets what the types give, and returns what they take.
 */
export type ScriptFunction<S extends CallbackSignature> = (
  ...args: S extends { readonly arguments: infer A extends readonly TypeSpec[] }
    ? { -readonly [K in keyof A]: Part<A[K], "gives"> }
    : []
) => S extends { readonly return: infer R extends TypeSpec } ? Part<R, "takes"> : void;

/** `aligned` changes where values lie, not what they are. */
export type AlignedOf<T extends TypeSpec> = T extends CType
  ? T
  : CType &
      Valued<{
        takes: Part<T, "takes">;
        gives: Part<T, "gives">;
        seen: Part<T, "seen">;
        argument: Part<T, "argument">;
      }>;
