import { NATIVE_TYPES, type ValueType } from "../types/types.js";
import type { AnyResult } from "../types/value-types.js";

/** The JavaScript side of a call: checks, fills the frame, dispatches, reads the result. */
export type Marshaller = (...args: unknown[]) => AnyResult;

/** How a call is refused: each throws the error that says why. */
export interface Refusals {
  /** An argument that its type does not take. */
  argument(index: number, value: unknown): never;
  /** A wrong number of arguments. */
  count(got: number): never;
  /** A call that native code did not make, by the frame's status. */
  status(status: number): never;
}

/** Where a function's plan is: its index for the frame, its token for the V8 crossing. */
export interface PlanName {
  readonly index: number;
  readonly token: number;
}

/** Makes the marshaller of one function. */
export type MarshallerFactory = (plan: PlanName, refuse: Refusals) => Marshaller;

/** One parameter as the marshallers see it: its type and its place in the frame, in bytes. */
export interface Placed {
  readonly type: Exclude<ValueType, "char">;
  readonly index: number;
  readonly offset: number;
  readonly width: number;
  /** The position among the pointer parameters that go by view, or -1. */
  readonly view: number;
}

/** Where the result lies, and as what to read it. */
export interface PlacedResult {
  readonly type: Exclude<ValueType, "char">;
  readonly offset: number;
}

export function isPointer(type: ValueType): boolean {
  return NATIVE_TYPES[type] === "pointer";
}
