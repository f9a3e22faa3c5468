import { ArgumentError, argumentLabel, describeValue } from "../errors/index.js";

/**
 * The `signal` among options, which may also be an encoding; throws its reason if it is aborted.
 */
export function signalOf(options: unknown, index: number): AbortSignal | undefined {
  if (typeof options !== "object" || options === null || !("signal" in options)) return undefined;
  const { signal } = options;
  if (signal === undefined) return undefined;
  if (!(signal instanceof AbortSignal)) {
    throw new ArgumentError(
      `${argumentLabel(index, "signal")} must be an AbortSignal, got ${describeValue(signal)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  signal.throwIfAborted();
  return signal;
}
