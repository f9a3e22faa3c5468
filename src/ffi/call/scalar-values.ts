import { isNarrow } from "../types/narrow.js";
import { longIsWide } from "../types/types.js";
import type { Engine } from "./engine.js";
import type { ScalarResult, SlotType } from "./marshaller.js";
import type { Slot } from "./scalar-source.js";

/* The twin of scalar-source.ts: the same checks, stores and loads, chosen value by value. */

/** Whether the value was accepted, and so stored. */
export function storeScalar(engine: Engine, slot: Slot, value: unknown): boolean {
  const { frame } = engine;
  const type: SlotType = slot.type;
  switch (type) {
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return isNarrow(value, type) && storeNarrow(engine, slot, value);
    case "bool":
      return typeof value === "boolean" && storeNarrow(engine, slot, Number(value));
    case "flag":
      return (
        (typeof value === "boolean" || isNarrow(value, "uint8")) &&
        storeNarrow(engine, slot, Number(value))
      );
    case "float32":
      if (typeof value !== "number") return false;
      frame.f32[slot.offset >> 2] = value;
      return true;
    case "float64":
      if (typeof value !== "number") return false;
      frame.f64[slot.offset >> 3] = value;
      return true;
    case "int64":
    case "uint64":
    case "long":
    case "ulong":
      return storeWide(engine, slot, value);
    case "size":
      return typeof value === "number" && storeWide(engine, slot, value);
  }
}

function storeNarrow({ frame }: Engine, { offset, width }: Slot, value: number): true {
  if (width === 1) frame.i8[offset] = value;
  else if (width === 2) frame.i16[offset >> 1] = value;
  else frame.i32[offset >> 2] = value;
  return true;
}

function storeWide({ frame }: Engine, { type, offset, width }: Slot, value: unknown): boolean {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return false;
  const wide = BigInt(value as bigint | number);
  const isSigned = type === "int64" || type === "long";
  const bits = width * 8;
  const wrapped = isSigned ? BigInt.asIntN(bits, wide) : BigInt.asUintN(bits, wide);
  if (wrapped !== wide) return false;
  if (width === 4) frame.i32[offset >> 2] = Number(wide);
  else frame.i64[offset >> 3] = wide;
  return true;
}

/** The value in a slot. */
export function loadScalar(engine: Engine, type: ScalarResult["type"], offset: number): unknown {
  const { view } = engine.frame;
  switch (type) {
    case "void":
      return undefined;
    case "bool":
      return view.getUint8(offset) !== 0;
    case "int8":
      return view.getInt8(offset);
    case "uint8":
    case "flag":
      return view.getUint8(offset);
    case "int16":
      return view.getInt16(offset, true);
    case "uint16":
      return view.getUint16(offset, true);
    case "int32":
      return view.getInt32(offset, true);
    case "uint32":
      return view.getUint32(offset, true);
    case "int64":
      return view.getBigInt64(offset, true);
    case "uint64":
    case "pointer":
      return view.getBigUint64(offset, true);
    case "long":
      return longIsWide ? view.getBigInt64(offset, true) : BigInt(view.getInt32(offset, true));
    case "ulong":
      return longIsWide ? view.getBigUint64(offset, true) : BigInt(view.getUint32(offset, true));
    case "size":
      return engine.readSize(view.getUint32(offset, true), view.getUint32(offset + 4, true));
    case "float32":
      return view.getFloat32(offset, true);
    case "float64":
      return view.getFloat64(offset, true);
    case "text":
    case "nullableText":
      return engine.readText(view.getBigUint64(offset, true), "utf8");
    case "text16":
      return engine.readText(view.getBigUint64(offset, true), "utf16");
    case "text32":
      return engine.readText(view.getBigUint64(offset, true), "utf32");
  }
}
