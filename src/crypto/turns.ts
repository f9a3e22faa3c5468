import { setImmediate } from "node:timers/promises";

/**
 * Work on the main thread stops for other events after so many bytes: some hundred microseconds of
 * SHA-256, at most 2 ms of the slowest algorithms.
 */
export const TURN_BYTES = 256 * 1024;

/** Lets other events have their turn. Throws the signal's reason if it was aborted meanwhile. */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
