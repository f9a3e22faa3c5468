import {
  ArgumentError,
  argumentLabel,
  CallArgumentError,
  describeValue,
} from "../../errors/index.js";
import type { CType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { resolveType } from "../types/type-names.js";
import { decay } from "../types/type-object.js";
import type { AnyFunction } from "../types/value-types.js";
import type { FunctionSource } from "./foreign-function.js";
import { makeSignature } from "./signature.js";

type Call = (...args: unknown[]) => unknown;
type Abortable = (signal: AbortSignal, ...args: unknown[]) => unknown;
type TypedFunction = Call & { readonly async: Call & { readonly abortable: Abortable } };

/**
 * A variadic function: each call says the types of its further arguments, as `[type, value]`. A
 * string, a bigint, a boolean, memory and null need no type; a number does, since C's `int` and
 * `double` go in different registers. For each list of types a function is made once.
 */
export function createVariadicFunction(
  source: FunctionSource,
  make: (source: FunctionSource) => AnyFunction,
): Call {
  const count = source.signature.parameters.length;
  const known = new Map<string, TypedFunction>();
  const typed = (args: readonly unknown[]): [TypedFunction, unknown[]] => {
    const more = args
      .slice(count)
      .map((value, index) => typedArgument(source.name, value, count + index));
    const key = more.map(({ type }) => type.key).join(",");
    let call = known.get(key);
    if (call === undefined) {
      call = make(withTypes(source, more)) as unknown as TypedFunction;
      known.set(key, call);
    }
    return [call, [...args.slice(0, count), ...more.map(({ value }) => value)]];
  };
  const call: Call = (...args) => {
    const [target, values] = typed(args);
    return target(...values);
  };
  return Object.assign(call, { async: asyncForm(typed), map: refuseMap(source.name) });
}

/** What is refused rejects, as in any asynchronous call. */
function asyncForm(typed: (args: readonly unknown[]) => [TypedFunction, unknown[]]): Call {
  const async = async (...args: unknown[]) => {
    const [target, values] = typed(args);
    return await target.async(...values);
  };
  const abortable = async (signal: AbortSignal, ...args: unknown[]) => {
    const [target, values] = typed(args);
    return await target.async.abortable(signal, ...values);
  };
  return Object.assign(async, { abortable });
}

/** Columns do not say the types of C that a call has to know. */
function refuseMap(name: string): { (): never; async(): Promise<never> } {
  const refuse = (): never => {
    throw new ArgumentError(
      `${name}.map needs the types of all arguments: declare them by a signature object with ` +
        `"variadic": [...]`,
    );
  };
  return Object.assign(refuse, { async: async () => refuse() });
}

interface TypedArgument {
  readonly type: CType;
  readonly value: unknown;
}

function withTypes(source: FunctionSource, more: readonly TypedArgument[]): FunctionSource {
  const { signature } = source;
  const further = more.map(({ type }) => ({ name: undefined, type }));
  const made = makeSignature([...signature.parameters, ...further], signature.result, {
    ...signature,
    isVariadic: false,
    fixed: signature.parameters.length,
  });
  return { ...source, signature: made };
}

function typedArgument(name: string, item: unknown, position: number): TypedArgument {
  const where = argumentLabel(position, undefined);
  if (Array.isArray(item) && item.length === 2) {
    const value: unknown = typeof item[1] === "boolean" ? Number(item[1]) : item[1];
    return { type: promote(decay(resolveType(item[0], `${name}: ${where}`))), value };
  }
  switch (typeof item) {
    case "string":
      return { type: scalarType("text"), value: item };
    case "bigint":
      return { type: scalarType(item < 0n ? "int64" : "uint64"), value: item };
    case "boolean":
      return { type: scalarType("int32"), value: Number(item) };
    case "object":
      if (!Array.isArray(item)) return { type: scalarType("pointer"), value: item };
  }
  throw new CallArgumentError(
    name,
    `${where} must say its C type, as ["int", 5] or ["double", 0.5], got ${describeValue(item)}`,
  );
}

/** The default argument promotions: C17 6.5.2.2. */
function promote(type: CType): CType {
  if (type.kind !== "scalar") return type;
  switch (type.value) {
    case "float32":
      return scalarType("float64");
    case "bool":
    case "flag":
    case "char":
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
      return scalarType("int32");
    default:
      return type;
  }
}
