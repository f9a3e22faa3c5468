import type { CallLayout } from "../../internal/binding.js";
import { concreteType } from "../types/types.js";
import type { Engine } from "./engine.js";
import { generateMarshaller } from "./marshal-generated.js";
import { interpretMarshaller } from "./marshal-interpreted.js";
import { isPointer, type MarshallerFactory, type Placed } from "./marshaller.js";
import type { Signature } from "./signature.js";

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
