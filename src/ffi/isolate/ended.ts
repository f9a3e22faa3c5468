import { NativeError } from "../../errors/index.js";

/** How a helper process ended. */
export interface HelperEnd {
  readonly status: number;
  /** The number of a signal, or 0. */
  readonly signal: number;
}

/** What a helper was in. */
export interface Place {
  /** The function. */
  readonly name: string;
  /** Of a vector call. */
  readonly row: number | undefined;
}

/**
 * The helper process ended while a call was in progress, or waiting for its turn. A call that may
 * have begun may have done its work or not.
 */
export class HelperEndedError extends NativeError {
  /** Its exit status, of Windows also the code of an exception; undefined if a signal ended it. */
  readonly exitStatus: number | undefined;
  /** Such as `SIGSEGV`; undefined if it ended by itself. */
  readonly signal: string | undefined;
  /** The function that it was in. */
  readonly functionName: string | undefined;
  /** The row of `map` that it was in, counted from 0; the rows before are done. */
  readonly row: number | undefined;
  /**
   * False of a call that waited for its turn and so was not made at all: it can be repeated safely.
   * Of any other it is not known how far it came.
   */
  readonly mayHaveBegun: boolean;

  constructor(end: HelperEnd, place: Place | undefined, mayHaveBegun = true) {
    const signal = end.signal === 0 ? undefined : signalName(end.signal);
    const what =
      signal === undefined ? `ended with status ${statusText(end)}` : `was ended by ${signal}`;
    const row = place?.row === undefined ? "" : `, row ${place.row}`;
    const where = place === undefined ? "between calls" : `in ${place.name}${row}`;
    super("ERR_ISOLATE_ENDED", `the helper process ${what} ${where}`);
    this.name = "HelperEndedError";
    this.signal = signal;
    this.exitStatus = signal === undefined ? end.status : undefined;
    this.functionName = place?.name;
    this.row = place?.row;
    this.mayHaveBegun = mayHaveBegun;
  }
}

/** What ends a process of Windows is a status, which its manuals write so. */
function statusText({ status }: HelperEnd): string {
  return status < 2 ** 31 ? String(status) : `0x${status.toString(16)}`;
}

/** A call took longer than `timeoutMs`; its helper was killed. */
export function timeoutError(functionName: string, timeoutMs: number): NativeError {
  return new NativeError(
    "ERR_ISOLATE_TIMEOUT",
    `${functionName} took longer than ${timeoutMs} ms in the helper process, which was killed`,
  );
}

function signalName(number: number): string {
  const { signals } = process.getBuiltinModule("node:os").constants;
  const found = Object.entries(signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}
