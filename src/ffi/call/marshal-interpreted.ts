import { longIsWide } from "../types/types.js";
import type { AnyResult } from "../types/value-types.js";
import type { Engine } from "./engine.js";
import { TEXT_HAS_NUL, TEXT_WRITTEN } from "./frame.js";
import {
  isPointer,
  type MarshallerFactory,
  type Placed,
  type PlacedResult,
  type Refusals,
} from "./marshaller.js";

/**
 * The twin of the generated marshallers for processes that forbid code generation: the same checks,
 * stores and order, chosen value by value. A differential test holds the two together.
 */
export function interpretMarshaller(
  engine: Engine,
  parameters: readonly Placed[],
  result: PlacedResult,
): MarshallerFactory {
  const { binding, frame } = engine;
  const scalars = parameters.filter(({ type }) => !isPointer(type));
  const pointers = parameters.filter(({ type }) => isPointer(type));
  return (plan, refuse) =>
    (...args) => {
      if (args.length !== parameters.length) refuse.count(args.length);
      for (const parameter of scalars) {
        if (!storeScalar(engine, parameter, args[parameter.index])) {
          refuse.argument(parameter.index, args[parameter.index]);
        }
      }
      const top = frame.scratch.top;
      try {
        const views = storePointers(engine, pointers, args, refuse);
        frame.u32[frame.planIndex] = plan.index;
        if (views.mask === 0) {
          engine.crossing.dispatch(plan.token);
        } else {
          frame.u32[frame.viewMaskIndex] = views.mask;
          binding.dispatchViews(...views.list);
        }
      } finally {
        frame.scratch.top = top;
      }
      const status = frame.u32[frame.statusIndex];
      if (status) refuse.status(status);
      return readResult(engine, result);
    };
}

const BITS = { int8: 8, uint8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 } as const;

function fitsNarrow(value: unknown, type: keyof typeof BITS): value is number {
  if (!Number.isInteger(value)) return false;
  const wide = BigInt(value as number);
  const wrapped = type.startsWith("u")
    ? BigInt.asUintN(BITS[type], wide)
    : BigInt.asIntN(BITS[type], wide);
  return wrapped === wide;
}

/** Whether the value was accepted, and so stored. */
function storeScalar(engine: Engine, parameter: Placed, value: unknown): boolean {
  const { frame } = engine;
  const { type, offset } = parameter;
  switch (type) {
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return fitsNarrow(value, type) && storeNarrow(engine, parameter, value);
    case "bool":
      return typeof value === "boolean" && storeNarrow(engine, parameter, Number(value));
    case "flag":
      return (
        (typeof value === "boolean" || fitsNarrow(value, "uint8")) &&
        storeNarrow(engine, parameter, Number(value))
      );
    case "float32":
      if (typeof value !== "number") return false;
      frame.f32[offset >> 2] = value;
      return true;
    case "float64":
      if (typeof value !== "number") return false;
      frame.f64[offset >> 3] = value;
      return true;
    case "int64":
    case "uint64":
    case "long":
    case "ulong":
      return storeWide(engine, parameter, value);
    case "size":
      return typeof value === "number" && storeWide(engine, parameter, value);
    case "void":
    case "pointer":
    case "text":
    case "nullableText":
      throw new Error(`${type} is not a scalar parameter`);
  }
}

function storeNarrow({ frame }: Engine, { offset, width }: Placed, value: number): true {
  if (width === 1) frame.i8[offset] = value;
  else if (width === 2) frame.i16[offset >> 1] = value;
  else frame.i32[offset >> 2] = value;
  return true;
}

function storeWide({ frame }: Engine, { type, offset, width }: Placed, value: unknown): boolean {
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

interface Views {
  mask: number;
  readonly list: (ArrayBufferView | undefined)[];
}

function storePointers(
  engine: Engine,
  pointers: readonly Placed[],
  args: readonly unknown[],
  refuse: Refusals,
): Views {
  const views: Views = { mask: 0, list: [] };
  for (const parameter of pointers) {
    const value = args[parameter.index];
    if (!storePointer(engine, parameter, value, views)) refuse.argument(parameter.index, value);
  }
  return views;
}

function storePointer(engine: Engine, parameter: Placed, value: unknown, views: Views): boolean {
  const { frame } = engine;
  const { type, offset } = parameter;
  const slot = offset >> 3;
  const isAnyPointer = type === "pointer";
  if (value === null ? type !== "text" : value === undefined && isAnyPointer) {
    frame.u64[slot] = 0n;
    return true;
  }
  if (typeof value === "string") {
    const outcome = frame.writeText(value, offset);
    if (outcome === TEXT_HAS_NUL) return false;
    return outcome === TEXT_WRITTEN || passMemory(engine, parameter, outcome, views);
  }
  if (!isAnyPointer) return false;
  if (typeof value === "bigint") {
    if (BigInt.asUintN(64, value) !== value) return false;
    frame.u64[slot] = value;
    return true;
  }
  const memory = ArrayBuffer.isView(value) ? value : engine.viewOf(value);
  return memory !== undefined && passMemory(engine, parameter, memory, views);
}

function passMemory(
  engine: Engine,
  { offset, view }: Placed,
  memory: ArrayBufferView,
  views: Views,
): boolean {
  if (view >= 0) {
    views.list[view] = memory;
    views.mask |= 1 << view;
    return true;
  }
  const address = engine.addressOf(memory);
  if (address === undefined) return false;
  engine.frame.u64[offset >> 3] = address;
  return true;
}

function readResult(engine: Engine, { type, offset }: PlacedResult): AnyResult {
  const frame = new DataView(engine.binding.frame);
  switch (type) {
    case "void":
      return undefined;
    case "bool":
      return frame.getUint8(offset) !== 0;
    case "int8":
      return frame.getInt8(offset);
    case "uint8":
    case "flag":
      return frame.getUint8(offset);
    case "int16":
      return frame.getInt16(offset, true);
    case "uint16":
      return frame.getUint16(offset, true);
    case "int32":
      return frame.getInt32(offset, true);
    case "uint32":
      return frame.getUint32(offset, true);
    case "int64":
      return frame.getBigInt64(offset, true);
    case "uint64":
    case "pointer":
      return frame.getBigUint64(offset, true);
    case "long":
      return longIsWide ? frame.getBigInt64(offset, true) : BigInt(frame.getInt32(offset, true));
    case "ulong":
      return longIsWide ? frame.getBigUint64(offset, true) : BigInt(frame.getUint32(offset, true));
    case "size":
      return engine.readSize(frame.getUint32(offset, true), frame.getUint32(offset + 4, true));
    case "float32":
      return frame.getFloat32(offset, true);
    case "float64":
      return frame.getFloat64(offset, true);
    case "text":
    case "nullableText":
      return engine.readText(frame.getBigUint64(offset, true));
  }
}
