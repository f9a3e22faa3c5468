import type { CallbackOptions } from "../call/callback.js";
import type { Declarations } from "../declaration/cdef.js";
import type { FunctionOf } from "../declaration/declaration-types.js";
import type { CallbackDefinition, ListenerOf } from "../library/callback-definition.js";
import type { FunctionDefinitions, FunctionOptions, FunctionsOf } from "../library/definition.js";
import type { Variable, VariableOf } from "../library/variable.js";
import type { ValueOf, WritableOf } from "../types/static-types.js";
import type { TypeSpec } from "../types/type-names.js";
import type {
  AnyFunction,
  AsyncForm,
  FunctionOfSignature,
  FunctionSignature,
  MapForm,
} from "../types/value-types.js";

/**
 * A native function in a helper process: a call gives a promise, `sync` waits for the result.
 * Arguments, results and errors are those of the same function in this process.
 */
export interface IsolatedFunction<A extends readonly unknown[] = never[], R = unknown> {
  (...args: A): Promise<R>;
  /** Waits for the call, without giving anything else a turn. */
  sync(...args: A): R;
  /** The call itself, so that `async` is there wherever the function is. */
  readonly async: AsyncForm<A, R>;
  /**
   * Waits, as `sync` does, for a call for each row, in one crossing; `map.async` gives a promise.
   */
  readonly map: MapForm<A, R>;
  /** The address in the first helper that ran. */
  readonly pointer: bigint;
  readonly crossing: "helper";
}

/** The isolated form of a native function. */
export type Isolated<F> = F extends (...args: infer A) => infer R ? IsolatedFunction<A, R> : never;

/** The isolated functions of some definitions. */
export type IsolatedFunctionsOf<D> = {
  readonly [K in keyof FunctionsOf<D>]: Isolated<FunctionsOf<D>[K]>;
};

/** A library in helper processes: a DynamicLibrary, of which every function is isolated. */
export interface IsolatedDynamicLibrary {
  readonly path: string;
  readonly functions: Readonly<Record<string, Isolated<AnyFunction>>>;
  readonly symbols: Readonly<Record<string, bigint>>;
  getFunction<const D extends string>(
    declaration: D,
    options?: FunctionOptions,
  ): Isolated<FunctionOf<D>>;
  getFunction<const S extends FunctionSignature>(
    name: string,
    signature: S,
  ): Isolated<FunctionOfSignature<S>>;
  getFunctions<const D extends FunctionDefinitions | Declarations = Record<never, never>>(
    definitions?: D,
  ): IsolatedFunctionsOf<D>;
  getSymbol(name: string): bigint;
  getVariable<const D extends string>(declaration: D): VariableOf<D>;
  getVariable<const T extends TypeSpec>(name: string, type: T): Variable<ValueOf<T>, WritableOf<T>>;
  /** The function pointer ends with the helper: register again after `ERR_ISOLATE_ENDED`. */
  registerCallback<const S extends CallbackDefinition>(
    signature: S,
    listener: ListenerOf<S>,
    options?: CallbackOptions,
  ): bigint;
  unregisterCallback(pointer: bigint): void;
  close(): void;
  [Symbol.dispose](): void;
}
