import type { CType } from "../types/ctype.js";
import { concreteType } from "../types/types.js";
import type { Engine } from "./engine.js";
import {
  isPointerValue,
  lowerResult,
  type Members,
  memberTable,
  withName,
} from "./lower-result.js";
import type { Refusals, ScalarResult } from "./marshaller.js";
import { decodeSlots, type Placement } from "./placement.js";
import { acceptSource, loadSource, type Slot } from "./scalar-source.js";
import { loadScalar, storeScalar } from "./scalar-values.js";
import type { Signature } from "./signature.js";
import { stagedBytes, valueStage } from "./stage.js";

/** The JavaScript function behind a C function pointer; undefined while there is none. */
export type Listener = (...args: unknown[]) => unknown;

/** What the code of a callback needs of the one it runs for. */
export interface CallbackTarget {
  /** The function to call; without one C gets zero. */
  listener(): Listener | undefined;
  /** Words a result that C cannot take. */
  readonly refusals: Refusals;
  /** Hands what was thrown to whoever called C. */
  fail(error: unknown): void;
}

/**
 * Makes the function that native code runs for a call: it finds and leaves everything in the frame.
 */
export type CallbackFactory = (target: CallbackTarget) => () => void;

/** A callback's signature with everything placed. */
interface LoweredCallback {
  readonly loads: readonly CallbackLoad[];
  readonly result: CallbackResult;
}

type CallbackLoad =
  | { readonly how: "scalar"; readonly type: ScalarResult["type"]; readonly offset: number }
  | { readonly how: "value"; read(): unknown };

type CallbackResult =
  | { readonly how: "void" }
  | { readonly how: "scalar"; readonly slot: Slot; readonly members: Members }
  | { readonly how: "pointer"; readonly offset: number }
  | {
      readonly how: "value";
      /** Where C wants a large result; read before the listener runs. */
      destination(): bigint;
      write(value: unknown, refusals: Refusals, destination: bigint): void;
    };

export function createCallbackFactory(
  engine: Engine,
  signature: Signature,
  slots: readonly number[],
  canGenerateCode: boolean,
): CallbackFactory {
  const lowered = lowerCallback(engine, signature, slots);
  return canGenerateCode ? generate(engine, lowered) : interpret(engine, lowered);
}

function lowerCallback(
  engine: Engine,
  { parameters, result }: Signature,
  slots: readonly number[],
): LoweredCallback {
  const [resultPlace, ...places] = decodeSlots(slots);
  if (resultPlace === undefined) throw new Error("a layout without a result");
  return {
    loads: parameters.map(({ type }, index) => {
      const placement = places[index];
      if (placement === undefined) throw new Error("a layout with too few arguments");
      return lowerLoad(engine, type, placement);
    }),
    result: lowerCallbackResult(engine, result, resultPlace),
  };
}

function lowerLoad(engine: Engine, type: CType, placement: Placement): CallbackLoad {
  const lowered = lowerResult(engine, type, placement);
  if (lowered.how === "scalar") return lowered;
  return {
    how: "value",
    read() {
      const { scratch, u64 } = engine.frame;
      const { top } = scratch;
      const [pointer] = placement.pieces;
      try {
        if (!placement.byReference || pointer === undefined) {
          const memory = lowered.reserve();
          engine.gather(memory, lowered.placement);
          return lowered.read(memory);
        }
        const copy = engine.takeMemory(type.size, type.alignment);
        engine.binding.copyFrom(u64[pointer.offset >> 3] ?? 0n, copy);
        return lowered.read(copy);
      } finally {
        scratch.top = top;
      }
    },
  };
}

/** Result registers have eight bytes, so that a narrow integer is extended to four. */
const MIN_WIDTH = 4;

function lowerCallbackResult(engine: Engine, type: CType, placement: Placement): CallbackResult {
  const [first] = placement.pieces;
  if (first === undefined) return { how: "void" };
  const { offset } = first;
  if (type.kind === "pointer" || type.kind === "function") return { how: "pointer", offset };
  if (type.kind === "enum" || type.kind === "scalar") {
    const value = concreteType(type.value);
    if (isPointerValue(value)) return { how: "pointer", offset };
    if (value !== "extended" && value !== "void") {
      return {
        how: "scalar",
        slot: { type: value, offset, width: Math.max(type.size, MIN_WIDTH) },
        members: type.kind === "enum" ? memberTable(type) : undefined,
      };
    }
  }
  const stage = valueStage(engine, type, -1);
  return {
    how: "value",
    destination: () => (placement.byReference ? (engine.frame.u64[offset >> 3] ?? 0n) : 0n),
    write(value, refusals, destination) {
      const { scratch } = engine.frame;
      const { top } = scratch;
      const holding = scratch.held.length;
      try {
        const staged = stage(value, refusals);
        if (!placement.byReference) engine.spread(staged, placement);
        else engine.binding.copyTo(destination, stagedBytes(engine, staged, type.size));
      } finally {
        scratch.top = top;
        engine.release(holding);
      }
    },
  };
}

function generate(engine: Engine, lowered: LoweredCallback): CallbackFactory {
  const args = lowered.loads.map((load, index) =>
    load.how === "scalar" ? loadSource(load.type, load.offset) : `loads[${index}].read()`,
  );
  const source = `"use strict";
const { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, storeSafe } = engine.frame;
const words = i32, { asIntN, asUintN } = BigInt;
const { readText, readSize } = engine;
const { loads, result } = lowered;
return (target) => () => {
try {
const listener = target.listener();
if (listener === undefined) return;
${callSource(lowered.result, `listener(${args.join(", ")})`)}
} catch (error) { target.fail(error); }
};`;
  return new Function("engine", "lowered", "withName", "storePointer", source)(
    engine,
    lowered,
    withName,
    (value: unknown, offset: number) => storePointer(engine, value, offset),
  ) as CallbackFactory;
}

function callSource(result: CallbackResult, call: string): string {
  const refuse = "target.refusals.argument(-1, value);";
  switch (result.how) {
    case "void":
      return `${call};`;
    case "scalar": {
      const named = result.members ? `value = withName(result.members, value);` : "";
      const accept = acceptSource("value", result.slot);
      return `let value = ${call}; ${named} if (!(${accept})) ${refuse}`;
    }
    case "pointer":
      return `const value = ${call}; if (!storePointer(value, ${result.offset})) ${refuse}`;
    case "value":
      return `const destination = result.destination();
result.write(${call}, target.refusals, destination);`;
  }
}

function interpret(engine: Engine, { loads, result }: LoweredCallback): CallbackFactory {
  return (target) => () => {
    try {
      const listener = target.listener();
      if (listener === undefined) return;
      const args = loads.map((load) =>
        load.how === "scalar" ? loadScalar(engine, load.type, load.offset) : load.read(),
      );
      const destination = result.how === "value" ? result.destination() : 0n;
      const value = listener(...args);
      if (result.how === "value") result.write(value, target.refusals, destination);
      else if (!storeResult(engine, result, value)) target.refusals.argument(-1, value);
    } catch (error) {
      target.fail(error);
    }
  };
}

function storeResult(
  engine: Engine,
  result: Exclude<CallbackResult, { how: "value" }>,
  value: unknown,
): boolean {
  switch (result.how) {
    case "void":
      return true;
    case "scalar":
      return storeScalar(engine, result.slot, withName(result.members, value));
    case "pointer":
      return storePointer(engine, value, result.offset);
  }
}

/** An address, null, or memory that its owner keeps alive; a string would have no owner. */
function storePointer(engine: Engine, value: unknown, offset: number): boolean {
  const { u64 } = engine.frame;
  const memory = ArrayBuffer.isView(value) ? value : engine.memoryOf(value);
  const address =
    value === null
      ? 0n
      : typeof value === "bigint"
        ? value
        : typeof memory === "bigint"
          ? memory
          : memory && engine.addressOf(memory);
  if (address === undefined || BigInt.asUintN(64, address) !== address) return false;
  u64[offset >> 3] = address;
  return true;
}
