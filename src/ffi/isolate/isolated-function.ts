import { createMapper, createVariadicFunction } from "../call/deferred.js";
import { type FunctionSource, layOut } from "../call/foreign-function.js";
import { lowerSignature } from "../call/lower.js";
import type { Mapper } from "../call/map.js";
import { createAsyncMarshallerFactory, createMarshallerFactory } from "../call/marshal.js";
import type {
  AsyncMarshallerFactory,
  Lowered,
  Marshaller,
  MarshallerFactory,
} from "../call/marshaller.js";
import { CallRefusals, signalError } from "../call/refusals.js";
import type { Signature } from "../call/signature.js";
import type { AnyFunction } from "../types/value-types.js";
import type { Helper } from "./helper.js";
import { createIsolatedRows } from "./isolated-rows.js";
import { type Plan, planShape } from "./plans.js";
import { type AsyncCall, type Forms, withRepeats } from "./repeats.js";

/** A C function in helper processes. */
export interface IsolatedSource extends FunctionSource {
  readonly helpers: readonly Helper[];
  /** See IsolateOptions. */
  readonly repeatWaiting: boolean;
  /** Whether its library is closed. */
  isClosed(): boolean;
  /** Its address in the helper that runs. */
  addressIn(helper: Helper): bigint;
}

/** As a function of this process: calls wait, and `async` gives promises. */
type TypedCall = Marshaller & { readonly async: AsyncCall; readonly map: Mapper };

/**
 * Makes the JavaScript function of an isolated one: calls give promises, `sync` waits. All
 * arguments and results are those of a function in this process.
 */
export function createIsolatedFunction(source: IsolatedSource): AnyFunction {
  const { name, address, signature } = source;
  const { map, ...forms } = formsOf(source);
  const { sync, async: call } = withRepeats(forms, {
    isIdempotent: signature.isIdempotent,
    repeatWaiting: source.repeatWaiting,
  });
  return Object.defineProperties((...args: unknown[]) => call(...args), {
    name: { value: name, configurable: true },
    length: { value: signature.parameters.length, configurable: true },
    pointer: { value: address, enumerable: true },
    crossing: { value: "helper" },
    async: { value: call },
    sync: { value: sync },
    map: { value: map },
  }) as unknown as AnyFunction;
}

function formsOf(source: IsolatedSource): Forms & { readonly map: Mapper } {
  if (source.signature.isVariadic) {
    const make = (typed: FunctionSource) =>
      typedCall({ ...source, ...typed }) as unknown as AnyFunction;
    const sync = createVariadicFunction(source, make) as unknown as TypedCall;
    return { sync, async: sync.async, map: sync.map };
  }
  const sync = typedCall(source);
  return { sync, async: sync.async, map: sync.map };
}

function typedCall(source: IsolatedSource): TypedCall {
  const targets = source.helpers.map((helper) => makeTarget(helper, source));
  const [first] = targets;
  if (first === undefined) throw new Error("an isolate without helpers");
  const pick = () => leastBusy(source.helpers, targets) ?? first;
  const isAlone = targets.length === 1;
  const sync = isAlone ? first.sync : (...args: unknown[]) => pick().sync(...args);
  const later = isAlone ? first.async : (...args: unknown[]) => pick().async(...args);
  const abortable: AsyncCall["abortable"] = (signal, ...args) => {
    if (!(signal instanceof AbortSignal)) {
      return Promise.reject(signalError(source.name, signal));
    }
    return pick().abortable(signal)(...args);
  };
  const call = (...args: unknown[]) => sync(...args);
  return Object.assign(call, {
    async: Object.assign((...args: unknown[]) => later(...args), { abortable }),
    map: mapOf(() => pick().map()),
  });
}

/** `pick` gives the mapper of the helper that is to be called. */
function mapOf(pick: () => Mapper): Mapper {
  const map = (...args: Parameters<Mapper>) => pick()(...args);
  const async = (...args: Parameters<Mapper>) => pick().async(...args);
  return Object.assign(map, { async });
}

function leastBusy<T>(helpers: readonly Helper[], targets: readonly T[]): T | undefined {
  let best = 0;
  for (let index = 1; index < helpers.length; index++) {
    if ((helpers[index]?.load ?? 0) < (helpers[best]?.load ?? 0)) best = index;
  }
  return targets[best];
}

/** One function in one helper. */
interface Target {
  readonly sync: Marshaller;
  readonly async: Marshaller;
  abortable(signal: AbortSignal): Marshaller;
  /** Made when it is first asked for. */
  map(): Mapper;
}

/** What all functions of one signature share in one helper. */
interface Shared {
  readonly lowered: Lowered;
  readonly shape: ReturnType<typeof planShape>;
  readonly make: MarshallerFactory;
  readonly makeAsync: AsyncMarshallerFactory;
}

const shared = new WeakMap<Helper, Map<string, Shared>>();

/** Takes the plan of a collected function back. */
const collected = new FinalizationRegistry<() => void>((release) => release());

function makeTarget(helper: Helper, source: IsolatedSource): Target {
  const { name, signature } = source;
  const { lowered, shape, make, makeAsync } = shareSignature(helper, name, signature);
  const plan: Plan = {
    ...shape,
    name,
    isClosed: source.isClosed,
    address: () => source.addressIn(helper),
    generation: 0,
  };
  const index = helper.plans.add(plan);
  const refusals = new CallRefusals(helper.engine, name, signature, lowered.arguments);
  const planName = { index, token: 0 };
  const start = (signal?: AbortSignal) =>
    makeAsync(planName, refusals, helper.jobs.starter(index, signal));
  let mapper: Mapper | undefined;
  const target: Target = {
    sync: make(planName, refusals),
    async: start(),
    abortable: start,
    map: () => {
      mapper ??= createMapper(
        {
          engine: helper.engine,
          source,
          lowered,
          plan: planName,
          refusals,
          executor: createIsolatedRows(helper, index),
        },
        target,
      );
      return mapper;
    },
  };
  const { plans } = helper;
  collected.register(target, () => plans.remove(index));
  return target;
}

function shareSignature(helper: Helper, name: string, signature: Signature): Shared {
  const { engine } = helper;
  let known = shared.get(helper);
  if (known === undefined) {
    known = new Map();
    shared.set(helper, known);
  }
  const found = known.get(signature.key);
  if (found !== undefined) return found;
  const { slots } = layOut(engine, name, signature);
  const lowered = lowerSignature(engine, signature, slots);
  const made: Shared = {
    lowered,
    shape: planShape(signature, lowered, {
      registers: engine.binding.frameLayout.registers,
      registerBytes: engine.binding.isolate.layout.registerBytes,
    }),
    make: createMarshallerFactory(engine, lowered),
    makeAsync: createAsyncMarshallerFactory(engine, lowered),
  };
  known.set(signature.key, made);
  return made;
}
