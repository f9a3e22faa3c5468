import {
  ArgumentError,
  argumentLabel,
  argumentMessage,
  arityMessage,
  EXPECTATIONS,
  NativeError,
} from "../errors/index.js";
import { type Engine, requireEngine } from "./engine.js";
import { createMarshallerFactory } from "./marshal.js";
import { isPointer, type MarshallerFactory, type Refuse, WRONG_COUNT } from "./marshaller.js";
import type { Signature, SignatureParameter } from "./signature.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "./types.js";
import type { AnyFunction } from "./value-types.js";

/** Marshaller factories by signature: functions of one signature share their code. */
const factories = new Map<string, MarshallerFactory>();

/** What native code's failures are reported about, by plan. */
const records = new Map<number, { name: string; parameters: readonly SignatureParameter[] }>();

/** Gives the plan of a collected function back. */
const collected = new FinalizationRegistry<number>((plan) => {
  records.delete(plan);
  requireEngine().binding.releasePlan(plan);
});

/**
 * Makes the JavaScript function of a native one. `library` is the native handle: closing it makes
 * the function throw `ERR_FFI_LIBRARY_CLOSED`.
 */
export function createForeignFunction(
  library: number,
  name: string,
  address: bigint,
  signature: Signature,
): AnyFunction {
  const engine = requireEngine();
  const { parameters } = signature;
  const nativeTypes = [signature.result, ...parameters.map(({ type }) => type)].map(
    (type) => NATIVE_TYPES[type],
  );
  const layout = createPlan(engine, library, name, address, nativeTypes);
  let factory = factories.get(signature.key);
  if (factory === undefined) {
    factory = createMarshallerFactory(engine, signature, layout);
    factories.set(signature.key, factory);
    if (factories.size === 1) engine.binding.onFailure(fail);
  }
  const marshaller = factory(layout.index, createRefuse(name, parameters));
  records.set(layout.index, { name, parameters });
  collected.register(marshaller, layout.index);
  return Object.defineProperties(marshaller, {
    name: { value: name, configurable: true },
    length: { value: parameters.length, configurable: true },
    pointer: { value: address, enumerable: true },
  }) as unknown as AnyFunction;
}

function createPlan(
  engine: Engine,
  library: number,
  name: string,
  address: bigint,
  types: readonly string[],
) {
  try {
    return engine.binding.createPlan(library, address, types);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ArgumentError(`signature of ${name}: ${detail}`);
  }
}

function createRefuse(name: string, parameters: readonly SignatureParameter[]): Refuse {
  return (index, value) => {
    if (index === WRONG_COUNT) {
      throw new ArgumentError(arityMessage(String(parameters.length), value as number));
    }
    const parameter = parameters[index];
    if (parameter === undefined) throw new Error(`${name} has no parameter ${index}`);
    const expected = expectation(parameter.type, value);
    throw new ArgumentError(argumentMessage(index, parameter.name, expected, value));
  };
}

/** What a type accepts, in the words of an error message. */
function expectation(type: ValueType, value: unknown): string {
  const concrete = concreteType(type);
  switch (concrete) {
    case "flag":
      return "true, false, or an integer from 0 to 255";
    case "long":
      return EXPECTATIONS[NATIVE_TYPES.long];
    case "ulong":
      return EXPECTATIONS[NATIVE_TYPES.ulong];
    case "size":
      return EXPECTATIONS.size;
    case "text":
      return typeof value === "string" ? EXPECTATIONS.cString : EXPECTATIONS.string;
    case "nullableText":
      return typeof value === "string" ? EXPECTATIONS.cString : EXPECTATIONS.nullableString;
    case "pointer":
      if (typeof value === "string") return EXPECTATIONS.cString;
      if (typeof value === "bigint") return "an address from 0 to 18446744073709551615";
      return isMemory(value) ? EXPECTATIONS.attachedBytes : EXPECTATIONS.pointer;
    case "void":
      throw new Error("a parameter is never void");
    default:
      return EXPECTATIONS[concrete];
  }
}

function isMemory(value: unknown): boolean {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** Failures that native code finds; the numbers are those of `Failure` in native/addon/call.cpp. */
const CLOSED = 0;

function fail(failure: number, plan: number, view: number): never {
  const record = records.get(plan);
  if (record === undefined) throw new Error(`plan ${plan} belongs to no function`);
  if (failure === CLOSED) {
    throw new NativeError(
      "ERR_FFI_LIBRARY_CLOSED",
      `Library is closed: ${record.name} cannot be called any more`,
    );
  }
  const pointers = record.parameters.flatMap(({ type }, index) => (isPointer(type) ? [index] : []));
  const index = pointers[view] ?? 0;
  const label = argumentLabel(index, record.parameters[index]?.name);
  throw new ArgumentError(`${label} must be ${EXPECTATIONS.attachedBytes}, got a detached buffer`);
}
