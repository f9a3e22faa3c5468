import {
  ArgumentError,
  argumentLabel,
  argumentMessage,
  arityMessage,
  EXPECTATIONS,
  NativeError,
} from "../../errors/index.js";
import type { CType } from "../types/ctype.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "../types/types.js";
import type { Engine } from "./engine.js";
import type { Argument, Refusals } from "./marshaller.js";
import type { Signature } from "./signature.js";

/** The frame's status, as `Failure` in native/addon/environment.h; DETACHED + position of a view. */
const CLOSED = 1;
export const THROWN = 2;
const DETACHED = 16;

/** Words every way a call of one function can be refused. */
export class CallRefusals implements Refusals {
  constructor(
    private readonly engine: Engine,
    private readonly name: string,
    private readonly signature: Signature,
    private readonly lowered: readonly Argument[],
  ) {}

  argument(index: number, value: unknown): never {
    const parameter = this.signature.parameters[index];
    if (parameter === undefined) throw new Error(`${this.name} has no parameter ${index}`);
    const expected = expectationOf(parameter.type, value);
    throw new ArgumentError(argumentMessage(index, parameter.name, expected, value));
  }

  part(index: number, path: string, expected: string, value: unknown): never {
    const name = this.signature.parameters[index]?.name;
    const whole = argumentMessage(index, name, expected, value);
    if (path === "") throw new ArgumentError(whole);
    const label = argumentLabel(index, name);
    throw new ArgumentError(whole.replace(label, `${label}${path}`));
  }

  count(got: number): never {
    throw new ArgumentError(arityMessage(String(this.signature.parameters.length), got));
  }

  status(status: number): never {
    const { frame } = this.engine;
    frame.u32[frame.statusIndex] = 0;
    if (status === CLOSED) {
      throw new NativeError(
        "ERR_FFI_LIBRARY_CLOSED",
        `Library is closed: ${this.name} cannot be called any more`,
      );
    }
    if (status === THROWN) {
      const { thrown } = this.engine;
      this.engine.thrown = undefined;
      // Without an error, JavaScript could not even be entered.
      throw thrown === undefined ? stackError() : thrown.error;
    }
    const position = status - DETACHED;
    const index = this.lowered.find((item) => "view" in item && item.view === position)?.index ?? 0;
    const label = argumentLabel(index, this.signature.parameters[index]?.name);
    throw new ArgumentError(
      `${label} must be ${EXPECTATIONS.attachedBytes}, got a detached buffer or freed memory`,
    );
  }
}

/** As V8 words it. */
function stackError(): RangeError {
  return new RangeError("Maximum call stack size exceeded");
}

/** What a type accepts, in the words of an error message about `value`. */
export function expectationOf(type: CType, value: unknown): string {
  switch (type.kind) {
    case "scalar":
      return scalarExpectation(type.value, value);
    case "enum": {
      const names = Object.keys(type.members);
      const some = names.length > 8 ? `${names.slice(0, 8).join(", ")}, ...` : names.join(", ");
      return `one of ${some}, or ${scalarExpectation(type.value, value)}`;
    }
    case "function":
      return `a function, an address (a bigint) or null`;
    case "pointer":
      if (isMemory(value)) return EXPECTATIONS.attachedBytes;
      return `an address (a bigint), memory, null, or ${holderWords(type.target())}`;
    case "struct":
    case "union":
      return `a ${type.name} (an object or a view)`;
    case "array":
    case "opaque":
      return EXPECTATIONS.pointer;
  }
}

function holderWords(target: CType): string {
  if (target.kind === "struct" || target.kind === "union") return `a ${target.name} or an array`;
  return `an array of ${target.name}`;
}

function scalarExpectation(type: ValueType, value: unknown): string {
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
    case "extended":
      return EXPECTATIONS.float64;
    case "text":
      return typeof value === "string" ? EXPECTATIONS.cString : EXPECTATIONS.string;
    case "nullableText":
    case "text16":
    case "text32":
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
