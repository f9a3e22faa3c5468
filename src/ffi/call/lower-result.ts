import { codecOf } from "../types/codec.js";
import type { CType, EnumType } from "../types/ctype.js";
import { concreteType } from "../types/types.js";
import type { Engine } from "./engine.js";
import type { ScalarResult, SlotType, TextType, ValueResult } from "./marshaller.js";
import type { Placement } from "./placement.js";
import { holdMemory, readStaged, takeMemory } from "./stage.js";

/** Joins the type of a value that JavaScript reads with its place. */
export function lowerResult(
  engine: Engine,
  type: CType,
  placement: Placement,
): ScalarResult | ValueResult {
  const offset = placement.pieces[0]?.offset ?? 0;
  if (type.kind === "pointer" || type.kind === "function") {
    return { how: "scalar", type: "pointer", offset };
  }
  if (type.kind === "enum") return { how: "scalar", type: slotType(type.value), offset };
  if (type.kind === "scalar") {
    const value = concreteType(type.value);
    if (value !== "extended") return { how: "scalar", type: value, offset };
  }
  return valueResult(engine, type, placement);
}

/** A result in one piece is read where it is, in the result registers. */
function valueResult(engine: Engine, type: CType, placement: Placement): ValueResult {
  const codec = codecOf(type);
  const read = (staged: number | Uint8Array) => readStaged(engine, codec, staged);
  const [only, ...more] = placement.pieces;
  if (!placement.byReference && more.length === 0) {
    const offset = only?.offset ?? engine.binding.frameLayout.registers;
    return {
      how: "value",
      placement: { byReference: false, pieces: [] },
      reserve: () => offset,
      read,
    };
  }
  const { size, alignment } = type;
  const take = placement.byReference ? holdMemory : takeMemory;
  return {
    how: "value",
    placement,
    reserve: () => take(engine, size, alignment),
    read,
  };
}

export function isPointerValue(value: string): value is "pointer" | TextType {
  return (
    value === "pointer" ||
    value === "text" ||
    value === "nullableText" ||
    value === "text16" ||
    value === "text32"
  );
}

/** Names that an enumeration takes besides numbers. */
export type Members = EnumType["members"] | undefined;

/** The number behind a name; any other value as it is. */
export function withName(members: Members, value: unknown): unknown {
  return typeof value === "string" ? (members?.[value] ?? value) : value;
}

/** Without a prototype: `toString` is no member. */
export function memberTable({ members }: EnumType): EnumType["members"] {
  return Object.assign(Object.create(null), members);
}

/** The type of a value that one slot holds. */
export function slotType(value: Parameters<typeof concreteType>[0]): SlotType {
  const concrete = concreteType(value);
  if (concrete === "void" || concrete === "extended" || isPointerValue(concrete)) {
    throw new Error(`${concrete} is not an enum's type`);
  }
  return concrete;
}
