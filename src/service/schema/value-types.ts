import type { StandardTypedV1 } from "@standard-schema/spec";
import type {
  AnySchema,
  Infer,
  InferInput,
  OptionalSchema,
  Parameter,
  Schema,
  StreamSchema,
} from "./json-schema.js";

/** The object type of a record of property schemas. */
export type ValueOf<P extends Readonly<Record<string, Schema | OptionalSchema>>> = Flatten<
  {
    [K in keyof P as P[K] extends OptionalSchema ? never : K]: Infer<P[K]>;
  } & {
    [K in keyof P as P[K] extends OptionalSchema ? K : never]?: P[K] extends OptionalSchema<infer S>
      ? Infer<S>
      : never;
  }
>;

type Flatten<T> = { [K in keyof T]: T[K] };

/** What a handler receives for a list of parameters. */
export type HandlerArguments<P> = ArgumentsOf<P, "output">;

/**
 * What a caller may pass: what the schemas take, safe integers where a bigint travels, and any
 * iterable where items do.
 */
export type CallArguments<P> = Widen<ArgumentsOf<P, "input">>;

type Side = "input" | "output";

type ArgumentsOf<P, E extends Side> = P extends readonly [
  infer First extends Parameter,
  ...infer Rest extends readonly Parameter[],
]
  ? [...ArgumentOf<First["schema"], E>, ...rest: ArgumentsOf<Rest, E>]
  : P extends readonly []
    ? []
    : P extends readonly Parameter<string, infer S>[]
      ? InferSide<S, E>[]
      : never;

type ArgumentOf<S, E extends Side> = S extends StandardTypedV1
  ? undefined extends InferSide<S, E>
    ? [value?: InferSide<S, E>]
    : [value: InferSide<S, E>]
  : S extends OptionalSchema<infer O extends AnySchema>
    ? [value?: InferSide<O, E> | undefined]
    : [value: InferSide<S, E>];

type InferSide<S, E extends Side> =
  S extends StreamSchema<infer I>
    ? AsyncIterable<E extends "input" ? InferInput<I> : Infer<I>>
    : E extends "input"
      ? InferInput<S>
      : Infer<S>;

/** What callers may pass for what a handler receives. */
export type Widen<A extends readonly unknown[]> = {
  [K in keyof A]: bigint extends A[K]
    ? A[K] | number
    : [A[K]] extends [never]
      ? never
      : A[K] extends AsyncIterable<infer I>
        ? AsyncIterable<I> | Iterable<I>
        : A[K];
};
