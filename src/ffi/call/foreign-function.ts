import {
  ArgumentError,
  argumentLabel,
  argumentMessage,
  arityMessage,
  EXPECTATIONS,
  NativeError,
} from "../../errors/index.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "../types/types.js";
import type { AnyFunction } from "../types/value-types.js";
import { type Engine, requireEngine } from "./engine.js";
import { createMarshallerFactory } from "./marshal.js";
import { isPointer, type MarshallerFactory, type Refusals } from "./marshaller.js";
import type { Signature, SignatureParameter } from "./signature.js";

/** Marshaller factories by signature: functions of one signature share their code. */
const factories = new Map<string, MarshallerFactory>();

/** Gives the plan of a collected function back. */
const collected = new FinalizationRegistry<number>((plan) => {
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
  }
  const marshaller = factory(layout, createRefusals(engine, name, parameters));
  collected.register(marshaller, layout.index);
  return Object.defineProperties(marshaller, {
    name: { value: name, configurable: true },
    length: { value: parameters.length, configurable: true },
    pointer: { value: address, enumerable: true },
    crossing: { value: engine.crossing.name },
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

function createRefusals(
  engine: Engine,
  name: string,
  parameters: readonly SignatureParameter[],
): Refusals {
  return {
    argument(index, value) {
      const parameter = parameters[index];
      if (parameter === undefined) throw new Error(`${name} has no parameter ${index}`);
      const expected = expectation(parameter.type, value);
      throw new ArgumentError(argumentMessage(index, parameter.name, expected, value));
    },
    count(got) {
      throw new ArgumentError(arityMessage(String(parameters.length), got));
    },
    status(status) {
      engine.frame.u32[engine.frame.statusIndex] = 0;
      if (status === CLOSED) {
        throw new NativeError(
          "ERR_FFI_LIBRARY_CLOSED",
          `Library is closed: ${name} cannot be called any more`,
        );
      }
      const pointers = parameters.flatMap(({ type }, index) => (isPointer(type) ? [index] : []));
      const index = pointers[status - DETACHED] ?? 0;
      const label = argumentLabel(index, parameters[index]?.name);
      const expected = EXPECTATIONS.attachedBytes;
      throw new ArgumentError(`${label} must be ${expected}, got a detached buffer`);
    },
  };
}

/** The frame's status, as `Failure` in native/addon/environment.h: closed, or detached + view. */
const CLOSED = 1;
const DETACHED = 2;

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
