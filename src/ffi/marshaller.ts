import { NATIVE_TYPES, type ValueType } from "./types.js";
import type { AnyResult } from "./value-types.js";

/** The JavaScript side of a call: checks, fills the frame, dispatches, reads the result. */
export type Marshaller = (...args: unknown[]) => AnyResult;

/** Throws the error of a refused argument, or of a wrong count where the index is `WRONG_COUNT`. */
export type Refuse = (index: number, value: unknown) => never;
export const WRONG_COUNT = -1;

/** Makes the marshaller of one function, given its plan and how to refuse arguments. */
export type MarshallerFactory = (plan: number, refuse: Refuse) => Marshaller;

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
