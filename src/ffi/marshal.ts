import type { CallLayout } from "../internal/binding.js";
import type { Engine } from "./engine.js";
import { generateMarshaller } from "./marshal-generated.js";
import { interpretMarshaller } from "./marshal-interpreted.js";
import type { Signature } from "./signature.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "./types.js";
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

const canGenerateCode = detectCodeGeneration();

/**
 * A marshaller factory for a signature: generated code, or, where the process forbids that
 * (`--disallow-code-generation-from-strings`), an interpreter that behaves the same and is slower.
 */
export function createMarshallerFactory(
  engine: Engine,
  signature: Signature,
  layout: CallLayout,
): MarshallerFactory {
  const make = canGenerateCode ? generateMarshaller : interpretMarshaller;
  const parameters = placeParameters(signature, layout, engine.binding.frameLayout.maxViews);
  return make(engine, parameters, { type: concreteType(signature.result), offset: layout.result });
}

/** Where the result lies, and as what to read it. */
export interface PlacedResult {
  readonly type: Exclude<ValueType, "char">;
  readonly offset: number;
}

export function isPointer(type: ValueType): boolean {
  return NATIVE_TYPES[type] === "pointer";
}

function placeParameters(signature: Signature, layout: CallLayout, maxViews: number): Placed[] {
  let pointers = 0;
  return signature.parameters.map(({ type }, index) => {
    const view = isPointer(type) && pointers < maxViews ? pointers++ : -1;
    const offset = layout.slots[index * 2];
    const width = layout.slots[index * 2 + 1];
    if (offset === undefined || width === undefined) throw new Error("layout without a slot");
    return { type: concreteType(type), index, offset, width, view };
  });
}

function detectCodeGeneration(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}
