import { isDetachedView } from "../../internal/detached.js";
import type { Engine } from "./engine.js";
import { TEXT_HAS_NUL, TEXT_WRITTEN } from "./frame.js";
import { withName } from "./lower-result.js";
import type {
  Argument,
  AsyncMarshallerFactory,
  HolderArgument,
  Lowered,
  MarshallerFactory,
  PointerArgument,
  Refusals,
  Staged,
  StagedPointer,
} from "./marshaller.js";
import { loadScalar, storeScalar } from "./scalar-values.js";

/**
 * The twin of the generated marshallers for processes that forbid code generation: the same checks,
 * stores and order, chosen value by value. A differential test holds the two together.
 */
export function interpretMarshaller(engine: Engine, lowered: Lowered): MarshallerFactory {
  const { binding, crossing, frame } = engine;
  const { scratch, u32 } = frame;
  return (plan, refusals) =>
    (...args) => {
      if (args.length !== lowered.arguments.length) refusals.count(args.length);
      const top = scratch.top;
      const holding = scratch.held.length;
      try {
        const call = fillFrame(engine, lowered, args, refusals);
        u32[frame.planIndex] = plan.index;
        if (call.mask !== 0) {
          u32[frame.viewMaskIndex] = call.mask;
          binding.dispatchViews(...call.views);
        } else if (crossing.reentrant === undefined || lowered.isLeaf || !u32[frame.liveIndex]) {
          crossing.dispatch(plan.token);
        } else {
          crossing.reentrant(plan.token);
        }
        return finish(engine, lowered, args, call, refusals);
      } finally {
        scratch.top = top;
        engine.release(holding);
      }
    };
}

/** The same for calls on the thread pool. */
export function interpretAsyncMarshaller(engine: Engine, lowered: Lowered): AsyncMarshallerFactory {
  const { scratch, u32, planIndex } = engine.frame;
  return (plan, refusals, start) =>
    (...args) => {
      const { top, end } = scratch;
      const holding = scratch.held.length;
      scratch.end = 0;
      try {
        if (args.length !== lowered.arguments.length) refusals.count(args.length);
        const call = fillFrame(engine, lowered, args, refusals);
        storeAddresses(engine, lowered, call, refusals);
        u32[planIndex] = plan.index;
        const read = () => finish(engine, lowered, args, call, refusals);
        return start(read, [...args, ...call.staged.values(), call.result], holding);
      } catch (error) {
        return Promise.reject(error);
      } finally {
        scratch.top = top;
        scratch.end = end;
        engine.release(holding);
      }
    };
}

/** One call while it is made. */
export interface Call {
  mask: number;
  readonly views: (ArrayBufferView | undefined)[];
  readonly staged: Map<number, StagedPointer>;
  /** Memory of the result. */
  result: Staged;
  readonly byView: boolean;
}

/** A call without views passes memory by its address, which the caller keeps valid. */
export function newCall(byView: boolean): Call {
  return { mask: 0, views: [], staged: new Map(), result: 0, byView };
}

function fillFrame(
  engine: Engine,
  lowered: Lowered,
  args: readonly unknown[],
  refusals: Refusals,
): Call {
  const call = newCall(true);
  for (const argument of lowered.arguments) {
    stageArgument(argument, args, refusals, call);
  }
  // In the order of the generated code, so that both refuse the same argument first.
  for (const how of ["scalar", "pointer", "holder", "value"] as const) {
    for (const argument of lowered.arguments) {
      if (argument.how === how) storeArgument(engine, argument, args, refusals, call);
    }
  }
  const { result } = lowered;
  if (result.how === "value") {
    call.result = result.reserve();
    if (result.placement.byReference) engine.spread(call.result, result.placement);
  }
  return call;
}

/** The part of an argument's conversion that may run JavaScript of the caller. */
export function stageArgument(
  argument: Argument,
  args: readonly unknown[],
  refusals: Refusals,
  call: Call,
): void {
  if (argument.how !== "value" && argument.how !== "holder") return;
  call.staged.set(argument.index, argument.stage(args[argument.index], refusals));
}

/** Stores one argument that needs no other one; for constants of vector calls too. */
export function storeArgument(
  engine: Engine,
  argument: Argument,
  args: readonly unknown[],
  refusals: Refusals,
  call: Call,
): void {
  const value = args[argument.index];
  const isStored = () => {
    switch (argument.how) {
      case "scalar":
        return storeScalar(engine, argument, withName(argument.members, value));
      case "pointer":
        return storePointer(engine, argument, value, refusals, call);
      case "holder":
        return storeStaged(engine, argument, call.staged.get(argument.index), refusals, call);
      case "value":
        engine.spread(call.staged.get(argument.index) as Staged, argument.placement);
        return true;
    }
  };
  if (!isStored()) refusals.argument(argument.index, value);
}

function storePointer(
  engine: Engine,
  argument: PointerArgument,
  value: unknown,
  refusals: Refusals,
  call: Call,
): boolean {
  const { frame } = engine;
  const { type, offset } = argument;
  const isAnyPointer = type === "pointer";
  if (value === null ? type !== "text" : value === undefined && isAnyPointer) {
    frame.u64[offset >> 3] = 0n;
    return true;
  }
  if (typeof value === "string") {
    const outcome =
      type === "text16"
        ? frame.writeWideText(value, offset, "utf16")
        : type === "text32"
          ? frame.writeWideText(value, offset, "utf32")
          : frame.writeText(value, offset);
    if (outcome === TEXT_HAS_NUL) return false;
    return outcome === TEXT_WRITTEN || passMemory(engine, argument, outcome, refusals, call);
  }
  if (!isAnyPointer) return false;
  if (typeof value === "bigint") {
    if (BigInt.asUintN(64, value) !== value) return false;
    frame.u64[offset >> 3] = value;
    return true;
  }
  const memory = ArrayBuffer.isView(value) ? value : engine.memoryOf(value);
  if (memory === undefined) return false;
  return storeStaged(engine, argument, memory, refusals, call);
}

function storeStaged(
  engine: Engine,
  argument: PointerArgument | HolderArgument,
  staged: StagedPointer,
  refusals: Refusals,
  call: Call,
): true {
  const { frame } = engine;
  const { offset } = argument;
  if (typeof staged === "number") frame.point(offset, staged);
  else if (typeof staged === "bigint") frame.u64[offset >> 3] = staged;
  else if (staged === null || staged === undefined) frame.u64[offset >> 3] = 0n;
  else passMemory(engine, argument, staged, refusals, call);
  return true;
}

function passMemory(
  engine: Engine,
  argument: PointerArgument | HolderArgument,
  memory: ArrayBufferView,
  refusals: Refusals,
  call: Call,
): true {
  const { view } = argument;
  if (!call.byView || view < 0) return storeAddress(engine, argument, memory, refusals);
  if (isDetachedView(memory)) return refusals.detached(argument.index);
  call.views[view] = memory;
  call.mask |= 1 << view;
  return true;
}

/**
 * For a call that is made later: the addresses of views, last, where other calls are dispatched.
 */
function storeAddresses(engine: Engine, lowered: Lowered, call: Call, refusals: Refusals): void {
  for (const argument of lowered.arguments) {
    if (!("view" in argument)) continue;
    const memory = call.views[argument.view];
    if (memory !== undefined) storeAddress(engine, argument, memory, refusals);
  }
}

function storeAddress(
  engine: Engine,
  { index, offset }: PointerArgument | HolderArgument,
  memory: ArrayBufferView,
  refusals: Refusals,
): true {
  const address = engine.addressOf(memory);
  if (address === undefined) return refusals.detached(index);
  // A bare address keeps nothing alive.
  engine.frame.scratch.held.push(memory);
  engine.frame.u64[offset >> 3] = address;
  return true;
}

function finish(
  engine: Engine,
  lowered: Lowered,
  args: readonly unknown[],
  call: Call,
  refusals: Refusals,
): unknown {
  const { frame } = engine;
  const status = frame.u32[frame.statusIndex];
  if (status) refusals.status(status);
  const { result } = lowered;
  if (result.how === "value" && !result.placement.byReference) {
    engine.gather(call.result, result.placement);
  }
  const value =
    result.how === "value"
      ? result.read(call.result)
      : loadScalar(engine, result.type, result.offset);
  const errno = frame.i32[frame.errorIndex];
  for (const argument of lowered.arguments) {
    if (argument.how === "holder") {
      argument.unstage?.(args[argument.index], call.staged.get(argument.index));
    }
  }
  return lowered.capturesError ? { value, errno } : value;
}
