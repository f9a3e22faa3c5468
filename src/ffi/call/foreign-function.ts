import { ArgumentError } from "../../errors/index.js";
import { type CallLayout, PLAN_FLAGS } from "../../internal/binding.js";
import { nativeValueOf } from "../types/native-value.js";
import type { AnyFunction } from "../types/value-types.js";
import { createMapper, createVariadicFunction } from "./deferred.js";
import { type Engine, requireEngine } from "./engine.js";
import { jobStarter } from "./jobs.js";
import { lowerSignature } from "./lower.js";
import { createAsyncMarshallerFactory, createMarshallerFactory } from "./marshal.js";
import type { AsyncMarshallerFactory, Lowered, MarshallerFactory, PlanName } from "./marshaller.js";
import { CallRefusals, signalError } from "./refusals.js";
import { createRowExecutor } from "./row-executor.js";
import type { Signature } from "./signature.js";

/** A C function as it is to be called. */
export interface FunctionSource {
  /** The native handle: closing it makes the function throw `ERR_FFI_LIBRARY_CLOSED`. */
  readonly library: number;
  readonly name: string;
  /** Its name in the library, version included; undefined if only its address is known. */
  readonly symbol: string | undefined;
  readonly address: bigint;
  readonly signature: Signature;
  /** Asynchronous calls of one queue run one at a time; -1 is none. */
  readonly queue: number;
}

/** What all functions of one signature share. */
interface Shared {
  /** The lowered signature in native code. */
  readonly shape: number;
  readonly lowered: Lowered;
  readonly make: MarshallerFactory;
  makeAsync: AsyncMarshallerFactory | undefined;
}

const shared = new Map<string, Shared>();

/** Gives the plan of a collected function back. */
const collected = new FinalizationRegistry<number>((plan) => {
  requireEngine().binding.releasePlan(plan);
});

/** Makes the JavaScript function of a native one. */
export function createForeignFunction(source: FunctionSource): AnyFunction {
  const { name, address, signature } = source;
  const engine = requireEngine();
  const marshaller = signature.isVariadic
    ? createVariadicFunction(source, createForeignFunction)
    : createFixedFunction(engine, source);
  return Object.defineProperties(marshaller, {
    name: { value: name, configurable: true },
    length: { value: signature.parameters.length, configurable: true },
    pointer: { value: address, enumerable: true },
    crossing: { value: engine.crossing.name },
  }) as unknown as AnyFunction;
}

function createFixedFunction(
  engine: Engine,
  source: FunctionSource,
): (...args: unknown[]) => unknown {
  const { name, signature } = source;
  const common = shared.get(signature.key) ?? share(engine, source);
  const plan = createPlan(engine, common, source);
  const refusals = new CallRefusals(engine, name, signature, common.lowered.arguments);
  const marshaller = common.make(plan, refusals);
  collected.register(marshaller, plan.index);
  const made: MadeFunction = { engine, source, common, plan, refusals };
  Object.defineProperty(marshaller, MADE, { value: made });
  return Object.setPrototypeOf(marshaller, functionPrototype);
}

function createPlan(engine: Engine, { shape }: Shared, source: FunctionSource): PlanName {
  const { binding, frame } = engine;
  const token = binding.createPlan(shape, source.library, source.address);
  return { index: frame.u32[frame.planIndex] ?? 0, token };
}

/** Lowers the signature of a function that is the first of it. */
function share(engine: Engine, { name, signature }: FunctionSource): Shared {
  const { shape, slots } = layOut(engine, name, signature);
  const lowered = lowerSignature(engine, signature, slots);
  const make = createMarshallerFactory(engine, lowered);
  const common: Shared = { shape, lowered, make, makeAsync: undefined };
  shared.set(signature.key, common);
  return common;
}

/** Lowers a signature in native code; throws what is wrong with it, naming the function. */
export function layOut(engine: Engine, name: string, signature: Signature): CallLayout {
  const types = [signature.result, ...signature.parameters.map(({ type }) => type)];
  const flags =
    (signature.capturesError ? PLAN_FLAGS.capturesError : 0) |
    (signature.convention === "win64" ? PLAN_FLAGS.win64 : 0);
  const fixed = signature.fixed ?? -1;
  try {
    return engine.binding.lowerSignature(types.map(nativeValueOf), fixed, flags);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ArgumentError(`signature of ${name}: ${detail}`);
  }
}

/** What the other forms of a function are made from, when they are first asked for. */
export interface MadeFunction {
  readonly engine: Engine;
  readonly source: FunctionSource;
  readonly common: Shared;
  readonly plan: PlanName;
  readonly refusals: CallRefusals;
}

const MADE = Symbol("made");
type Made = { readonly [MADE]: MadeFunction };

/**
 * Native functions inherit their other forms, so that one that is only called costs no more. Each
 * form replaces the getter once it is there, and keeps its function, whose plan it uses.
 */
const functionPrototype: object = Object.create(Function.prototype, {
  async: {
    get(this: Made) {
      return cache(this, "async", createAsync(this));
    },
  },
  map: {
    get(this: Made) {
      const { engine, source, common, plan, refusals } = this[MADE];
      const executor = createRowExecutor(engine);
      const target = { engine, source, ...common, plan, refusals, executor };
      return cache(this, "map", createMapper(target, this));
    },
  },
});

function cache<T>(target: object, name: string, value: T): T {
  Object.defineProperty(target, name, { value });
  return value;
}

type AsyncFunction = ((...args: unknown[]) => Promise<unknown>) & {
  abortable(signal: AbortSignal, ...args: unknown[]): Promise<unknown>;
};

function createAsync(target: Made): AsyncFunction {
  const { engine, source, common, plan, refusals } = target[MADE];
  common.makeAsync ??= createAsyncMarshallerFactory(engine, common.lowered);
  const { makeAsync } = common;
  const call = makeAsync(plan, refusals, jobStarter(source.queue)) as AsyncFunction;
  call.abortable = (signal, ...args) => {
    if (!(signal instanceof AbortSignal)) {
      return Promise.reject(signalError(source.name, signal));
    }
    return makeAsync(plan, refusals, jobStarter(source.queue, signal))(...args) as Promise<unknown>;
  };
  return Object.defineProperty(call, MADE, { value: target });
}
