import { ArgumentError } from "./argument-error.js";

/**
 * A refused call of a C function, which the message names: `hypot: argument 2 (y) must be a number,
 * got null`.
 */
export class CallArgumentError extends ArgumentError {
  readonly #problem: string;

  constructor(functionName: string, problem: string) {
    super(`${functionName}: ${problem}`);
    this.#problem = problem;
  }

  /** The message for those who name what was called in their own way, as services do. */
  get problem(): string {
    return this.#problem;
  }
}
