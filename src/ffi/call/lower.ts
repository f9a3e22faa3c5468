import type { CType } from "../types/ctype.js";
import { concreteType } from "../types/types.js";
import { functionStage } from "./callback.js";
import type { Engine } from "./engine.js";
import { isPointerValue, lowerResult, memberTable, slotType } from "./lower-result.js";
import type { Argument, Lowered } from "./marshaller.js";
import { decodeSlots, type Placement } from "./placement.js";
import type { Signature } from "./signature.js";
import { pointerStage, valueStage } from "./stage.js";

/** Joins a signature with the places that native code gave its values. */
export function lowerSignature(
  engine: Engine,
  signature: Signature,
  slots: readonly number[],
): Lowered {
  const [resultPlace, ...places] = decodeSlots(slots);
  if (resultPlace === undefined) throw new Error("a layout without a result");
  const views = new ViewCounter(engine.binding.frameLayout.maxViews);
  const list = signature.parameters.map(({ type }, index) => {
    const placement = places[index];
    if (placement === undefined) throw new Error("a layout with too few arguments");
    return lowerArgument(engine, type, index, placement, views);
  });
  return {
    arguments: list,
    result: lowerResult(engine, signature.result, resultPlace),
    capturesError: signature.capturesError,
    isLeaf: signature.isLeaf,
  };
}

/** Pointer arguments in order: the first few can be passed as views. */
class ViewCounter {
  #next = 0;
  constructor(private readonly max: number) {}

  take(): number {
    return this.#next < this.max ? this.#next++ : -1;
  }
}

function lowerArgument(
  engine: Engine,
  type: CType,
  index: number,
  placement: Placement,
  views: ViewCounter,
): Argument {
  const slot = placement.pieces[0];
  const offset = slot?.offset ?? 0;
  switch (type.kind) {
    case "pointer":
      return {
        how: "holder",
        index,
        offset,
        view: views.take(),
        ...pointerStage(engine, type, index),
      };
    case "function":
      return {
        how: "holder",
        index,
        offset,
        view: views.take(),
        ...functionStage(engine, type, index),
      };
    case "enum":
      return {
        how: "scalar",
        index,
        type: slotType(type.value),
        offset,
        width: slot?.size ?? 0,
        members: memberTable(type),
      };
    case "scalar": {
      const value = concreteType(type.value);
      if (value === "extended" || value === "void") break;
      if (isPointerValue(value)) {
        return { how: "pointer", index, type: value, offset, view: views.take() };
      }
      return {
        how: "scalar",
        index,
        type: value,
        offset,
        width: slot?.size ?? 0,
        members: undefined,
      };
    }
  }
  return { how: "value", index, placement, stage: valueStage(engine, type, index) };
}
