import type { FunctionOf } from "../ffi/index.js";
import type { Infer, InferInput, Parameter } from "./schema/json-schema.js";
import type { CallArguments, HandlerArguments } from "./schema/value-types.js";

/** The methods of a service as plain functions: what callers pass and get. */
export type Methods = Record<string, (...args: never[]) => unknown>;

/**
 * The function of one method. P, R and D are its `parameters`, `result` and C declaration, each
 * `unknown` where it was not given; schemas win over the declaration.
 */
export type MethodFunction<P, R, D> = (
  ...args: P extends readonly Parameter[] ? CallArguments<P> : DeclaredArguments<D>
) => MethodResult<R, D>;

/** What answers a method: it receives decoded arguments and may return a promise. */
export type MethodHandler<P, R, D> = (
  ...args: P extends readonly Parameter[] ? HandlerArguments<P> : DeclaredArguments<D>
) => GivenResult<R, D> | Promise<GivenResult<R, D>>;

/** What answers a method whose first argument arrives as a stream of bytes. */
export type MethodUpload<P, R> = (
  body: AsyncIterable<Uint8Array>,
  ...rest: P extends readonly Parameter[] ? Rest<HandlerArguments<P>> : never
) => Promise<GivenResult<R, unknown>>;

type Rest<A extends readonly unknown[]> = A extends readonly [unknown?, ...infer R] ? R : never;

/** What a caller gets. */
export type MethodResult<R, D> = unknown extends R ? DeclaredResult<D> : Infer<R>;

/** What a handler gives. */
export type GivenResult<R, D> = unknown extends R ? DeclaredResult<D> : InferInput<R>;

export type DeclaredArguments<D> = unknown extends D
  ? never
  : D extends string
    ? Parameters<FunctionOf<D>>
    : never;

export type DeclaredResult<D> = unknown extends D
  ? never
  : D extends string
    ? ReturnType<FunctionOf<D>>
    : never;
