import type { DeclaredArguments, DeclaredResult } from "./method-types.js";
import type { AnySchema, Infer } from "./schema/json-schema.js";
import type { CallArguments, HandlerArguments } from "./schema/value-types.js";

/** Any method, as a constraint: every function type is assignable to it. */
export type AnyMethod = (...args: never[]) => unknown;

declare const CONTRADICTION: unique symbol;

/** What a contradicting method lacks, so that the compiler's error carries the reason. */
export interface Contradiction<Reason extends string> {
  readonly [CONTRADICTION]: Reason;
}

/** `unknown` where a method agrees with its schemas. */
export type AgreesWithSchema<F extends AnyMethod, P, R extends AnySchema> = [
  HandlerArguments<P>,
] extends [Parameters<F>]
  ? [Parameters<F>] extends [CallArguments<P>]
    ? Gives<F, Infer<R>> extends true
      ? unknown
      : Contradiction<"the method's result contradicts its schema">
    : Contradiction<"the method accepts arguments that its schema refuses">
  : Contradiction<"the schema accepts arguments that the method does not">;

/** `unknown` where a method agrees with its C declaration. */
export type AgreesWithDeclaration<F extends AnyMethod, D extends string> = [
  Decoded<DeclaredArguments<D>>,
] extends [Parameters<F>]
  ? [Parameters<F>] extends [DeclaredArguments<D>]
    ? Gives<F, DeclaredResult<D>> extends true
      ? [DeclaredResult<D>] extends [Awaited<ReturnType<F>>]
        ? unknown
        : Contradiction<"the C function gives results that the method's type excludes">
      : Contradiction<"the method's result contradicts its C declaration">
    : Contradiction<"the method accepts arguments that its C declaration refuses">
  : Contradiction<"the C declaration accepts arguments that the method does not">;

/** A method of type `never` gives nothing at all: its result type was left out. */
type Gives<F extends AnyMethod, Value> = [Awaited<ReturnType<F>>] extends [never]
  ? false
  : [Awaited<ReturnType<F>>] extends [Value]
    ? true
    : false;

/** What reaches a method from the wire: bigints where numbers are accepted too, no addresses. */
type Decoded<A extends readonly unknown[]> = {
  [K in keyof A]: undefined extends A[K] ? never : bigint extends A[K] ? bigint : A[K];
};
