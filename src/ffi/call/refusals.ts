import {
  argumentLabel,
  argumentMessage,
  arityMessage,
  CallArgumentError,
  describeValue,
  detachedMessage,
  NativeError,
} from "../../errors/index.js";
import { expectedArgument } from "../types/expected.js";
import type { Engine } from "./engine.js";
import type { Argument, Refusals } from "./marshaller.js";
import type { Signature } from "./signature.js";

/**
 * The frame's status, as `Failure` in native/addon/environment.h; DETACHED + position of a view.
 */
const CLOSED = 1;
export const THROWN = 2;
export const DETACHED = 16;

/** Words every way a call of one function can be refused; the name is put before it only then. */
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
    const expected = expectedArgument(parameter.type, value);
    this.#refuse(argumentMessage(index, parameter.name, expected, value));
  }

  part(index: number, path: string, expected: string, value: unknown): never {
    const name = this.signature.parameters[index]?.name;
    const whole = argumentMessage(index, name, expected, value);
    if (path === "") this.#refuse(whole);
    const label = argumentLabel(index, name);
    this.#refuse(whole.replace(label, `${label}${path}`));
  }

  callback(index: number, problem: string): never {
    const label = argumentLabel(index, this.signature.parameters[index]?.name);
    this.#refuse(`${label}: ${problem}`);
  }

  detached(index: number): never {
    this.#refuse(detachedMessage(argumentLabel(index, this.signature.parameters[index]?.name)));
  }

  count(got: number): never {
    this.#refuse(arityMessage(String(this.signature.parameters.length), got));
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
    const found = this.lowered.find((item) => "view" in item && item.view === position);
    return this.detached(found?.index ?? 0);
  }

  #refuse(problem: string): never {
    throw new CallArgumentError(this.name, problem);
  }
}

/** The refusal of what is no AbortSignal. */
export function signalError(name: string, signal: unknown): CallArgumentError {
  return new CallArgumentError(
    `${name}.async`,
    `signal must be an AbortSignal, got ${describeValue(signal)}`,
  );
}

/** As V8 words it. */
function stackError(): RangeError {
  return new RangeError("Maximum call stack size exceeded");
}
