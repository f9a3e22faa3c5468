import { CommanderError } from "commander";
import { ArgumentError, NativeError, ServiceError } from "../errors/index.js";

/** What the process answers to its caller; `nearfar --help` documents them. */
export const EXIT_CODES = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Something that did not work out, told in one line: no server there, a port in use. */
export class CommandFailure extends Error {
  readonly exitCode: number;

  constructor(
    message: string,
    exitCode: number = EXIT_CODES.failure,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
  }
}

/** Runs what a user can make fail; whatever it throws is told in one line. */
export function failingInOneLine<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(message, EXIT_CODES.failure, { cause: error });
  }
}

/** A command line that cannot be obeyed: a bad option value, a module that is not there. */
export class UsageError extends CommandFailure {
  constructor(message: string) {
    super(message, EXIT_CODES.usage);
    this.name = "UsageError";
  }
}

/**
 * Says on standard error what went wrong, in one line, and returns the exit code. The stack is
 * shown when `NEARFAR_DEBUG=1`.
 */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // commander has printed its message; its own code for wrong usage is 1.
    return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  }
  if (process.env.NEARFAR_DEBUG === "1") console.error(error);
  else console.error(describeFailure(error));
  return error instanceof CommandFailure ? error.exitCode : EXIT_CODES.failure;
}

function describeFailure(error: unknown): string {
  if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  if (isExpected(error)) return `nearfar: ${message}`;
  return `nearfar: ${message.split("\n")[0]} (unexpected; NEARFAR_DEBUG=1 shows the stack)`;
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof CommandFailure ||
    error instanceof ArgumentError ||
    error instanceof NativeError
  );
}
