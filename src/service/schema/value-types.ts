import type { Infer, OptionalSchema, Parameter, Schema } from "./json-schema.js";

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
export type HandlerArguments<P> = P extends readonly [
  infer First extends Parameter,
  ...infer Rest extends readonly Parameter[],
]
  ? First["schema"] extends OptionalSchema<infer S>
    ? [value?: Infer<S> | undefined, ...rest: HandlerArguments<Rest>]
    : [value: Infer<First["schema"]>, ...rest: HandlerArguments<Rest>]
  : P extends readonly []
    ? []
    : P extends readonly Parameter<string, infer S>[]
      ? Infer<S>[]
      : never;

/** What a caller may pass: as HandlerArguments, and safe integers where a bigint travels. */
export type CallArguments<P> = Widen<HandlerArguments<P>>;

type Widen<A extends readonly unknown[]> = {
  [K in keyof A]: bigint extends A[K] ? A[K] | number : A[K];
};
