import type { NODE_TYPES, TypeName, ValueType } from "./types.js";

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
  pointer: bigint | Memory | string | null | undefined;
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

/** A signature object, as in `node:ffi`: no `return` means void, no `arguments` none. */
export interface FunctionSignature {
  readonly return?: TypeName;
  readonly arguments?: readonly TypeName[];
}

type ArgumentsOf<T extends readonly TypeName[]> = {
  -readonly [K in keyof T]: ArgumentValues[(typeof NODE_TYPES)[T[K]]];
};

/** The JavaScript function of a signature object. */
export type FunctionOfSignature<S extends FunctionSignature> = ForeignFunction<
  S extends { readonly arguments: infer A extends readonly TypeName[] } ? ArgumentsOf<A> : [],
  S extends { readonly return: infer R extends TypeName }
    ? ResultValues[(typeof NODE_TYPES)[R]]
    : undefined
>;

/**
 * A native function: call it; `pointer` is its address, `crossing` how its calls enter native code
 * (calls that pass memory as a pointer go by Node-API in any case).
 */
export interface ForeignFunction<A extends readonly unknown[] = never[], R = unknown> {
  (...args: A): R;
  readonly pointer: bigint;
  readonly crossing: "v8" | "node-api";
}

/** Any value a native function takes or gives, where a signature is known only at run time. */
export type AnyArgument = ArgumentValues[ValueType];
export type AnyResult = ResultValues[ValueType];
export type AnyFunction = ForeignFunction<AnyArgument[], AnyResult>;

/** A function whose signature has `errno: true`: each call gives the error number besides. */
export type WithErrno<F> =
  F extends ForeignFunction<infer A, infer R> ? ForeignFunction<A, CallOutcome<R>> : F;

/** What a call gives and the `errno` it left, or `GetLastError` on Windows; 0 if C set none. */
export interface CallOutcome<R> {
  readonly value: R;
  readonly errno: number;
}
