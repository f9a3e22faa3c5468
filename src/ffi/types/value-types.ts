import type { MemoryHolder } from "../memory/memory-holder.js";
import type { ArgumentOf, ValueOf } from "./static-types.js";
import type { TypeSpec } from "./type-names.js";
import type { NODE_TYPES, TypeName } from "./types.js";

/** Memory that can stand for a pointer: it is read in place for the duration of the call. */
export type Memory = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** What a parameter of each type takes. */
export interface ArgumentValues {
  void: never;
  bool: boolean;
  flag: boolean | number;
  char: number;
  int8: number;
  uint8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: bigint | number;
  uint64: bigint | number;
  long: bigint | number;
  ulong: bigint | number;
  size: number;
  float32: number;
  float64: number;
  pointer: bigint | Memory | MemoryHolder | string | null | undefined;
  text: string;
  nullableText: string | null;
  text16: string | null;
  text32: string | null;
  extended: number;
}

/** What a result of each type gives. */
export interface ResultValues {
  void: undefined;
  bool: boolean;
  flag: number;
  char: number;
  int8: number;
  uint8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: bigint;
  uint64: bigint;
  long: bigint;
  ulong: bigint;
  size: number;
  float32: number;
  float64: number;
  pointer: bigint;
  text: string | null;
  nullableText: string | null;
  text16: string | null;
  text32: string | null;
  extended: number;
}

/**
 * A signature object, as in `node:ffi`: no `return` means void, no `arguments` none. A type made by
 * `struct`, `pointer` and their like may stand where a name does.
 */
export interface FunctionSignature {
  readonly return?: SignatureType;
  readonly arguments?: readonly SignatureType[];
  /** The types of the further arguments of a variadic function. */
  readonly variadic?: readonly SignatureType[];
  /** Each call gives `{ value, errno }`. Default: false. */
  readonly errno?: boolean;
  /** `win64` is Microsoft's on other x86-64 systems; the others mean the platform's own. */
  readonly convention?: "default" | "cdecl" | "stdcall" | "win64";
  /** The function never calls back into JavaScript. Default: false. */
  readonly leaf?: boolean;
  /** The function may run on several threads at once. Default: false. */
  readonly threadSafe?: boolean;
  /**
   * Calling it twice has the effect of calling it once: in a helper process, a call that the
   * process did not survive is made once more, in the next one. Default: false.
   */
  readonly idempotent?: boolean;
}

/** A type in a signature: a name, of which those of `node:ffi` keep its meaning, or a type. */
export type SignatureType = TypeName | TypeSpec;

type ArgumentOfSpec<T> = T extends TypeName
  ? ArgumentValues[(typeof NODE_TYPES)[T]]
  : ArgumentOf<T>;
type ResultOfSpec<T> = T extends TypeName
  ? ResultValues[(typeof NODE_TYPES)[T]]
  : T extends TypeSpec
    ? ValueOf<T>
    : never;

type ArgumentsOf<S> = S extends readonly unknown[]
  ? { -readonly [K in keyof S]: ArgumentOfSpec<S[K]> }
  : [];
type ResultOf<S> = S extends { readonly return: infer R } ? ResultOfSpec<R> : undefined;

/** The JavaScript function of a signature object. */
export type FunctionOfSignature<S extends FunctionSignature> = ForeignFunction<
  S extends { readonly variadic: infer V extends readonly unknown[] }
    ? [...ArgumentsOf<S["arguments"]>, ...ArgumentsOf<V>]
    : ArgumentsOf<S["arguments"]>,
  S extends { readonly errno: true } ? CallOutcome<ResultOf<S>> : ResultOf<S>
>;

/**
 * A native function: call it; `pointer` is its address, `crossing` how its calls enter native code
 * (calls that pass memory as a pointer go by Node-API in any case).
 */
export interface ForeignFunction<A extends readonly unknown[] = never[], R = unknown> {
  (...args: A): R;
  readonly pointer: bigint;
  readonly crossing: "v8" | "node-api";
  readonly async: AsyncForm<A, R>;
  readonly map: MapForm<A, R>;
}

/** The same call on the thread pool. */
export interface AsyncForm<A extends readonly unknown[], R> {
  (...args: A): Promise<R>;
  /** As the call; the signal takes it back as long as it has not started. */
  abortable(signal: AbortSignal, ...args: A): Promise<R>;
}

/**
 * A call for each row of some columns, in one crossing. Gives a typed array of the results, or
 * fills `out`; `null` for `out` drops them.
 */
export interface MapForm<A extends readonly unknown[], R> {
  <O extends ColumnOf<R>>(columns: Columns<A>, out: O): O;
  (columns: Columns<A>, out: null): undefined;
  (columns: Columns<A>): ResultColumn<R>;
  /** Split over the thread pool: for functions that are declared `threadSafe`. */
  readonly async: AsyncMapForm<A, R>;
}

export interface AsyncMapForm<A extends readonly unknown[], R> {
  <O extends ColumnOf<R>>(columns: Columns<A>, out: O): Promise<O>;
  (columns: Columns<A>, out: null): Promise<undefined>;
  (columns: Columns<A>): Promise<ResultColumn<R>>;
}

/** For each argument a typed array of one value for each row, or a constant. */
export type Columns<A extends readonly unknown[]> = {
  readonly [K in keyof A]: A[K] | ColumnOf<A[K]>;
};

type NumberColumn =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
type BigIntColumn = BigInt64Array | BigUint64Array;

/** The typed arrays that hold such values; at run time the one of the exact type is asked for. */
type ColumnOf<T> =
  | ([Extract<T, number>] extends [never] ? never : NumberColumn)
  | ([Extract<T, bigint>] extends [never] ? never : BigIntColumn)
  | ([Extract<T, boolean>] extends [never] ? never : Uint8Array);

/** No column comes from a function that gives nothing. */
type ResultColumn<R> = [ColumnOf<R>] extends [never] ? undefined : ColumnOf<R>;

/** A value of a type that is known only at run time. */
export type AnyValue = bigint | number | string | boolean | object | null | undefined;
export type AnyFunction = ForeignFunction<AnyValue[], AnyValue>;

/** A function whose signature has `errno: true`: each call gives the error number besides. */
export type WithErrno<F> = F extends (...args: infer A) => infer R
  ? ForeignFunction<A, CallOutcome<R>>
  : F;

/** What a call gives and the `errno` it left, or `GetLastError` on Windows; 0 if C set none. */
export interface CallOutcome<R> {
  readonly value: R;
  readonly errno: number;
}
