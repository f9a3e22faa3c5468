import { ArgumentError } from "../errors/index.js";
import type { NativeBinding } from "./binding.js";

/**
 * `NEARFAR_THREADS`: how many threads the native pool has, in the whole process. 0 leaves it to the
 * pool: as many as there are processors, and at least 4.
 */
export function poolThreads(): number {
  const text = process.env.NEARFAR_THREADS;
  if (text === undefined || text === "") return 0;
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= MAX_THREADS) return count;
  throw new ArgumentError(
    `NEARFAR_THREADS must be an integer from 1 to ${MAX_THREADS}, got ${JSON.stringify(text)}`,
  );
}

let isConfigured = false;

/** Tells the pool how many threads it may have, before it is used. */
export function configurePool(binding: NativeBinding): void {
  if (isConfigured) return;
  binding.configurePool(poolThreads());
  isConfigured = true;
}

/** More threads than this only take memory. */
const MAX_THREADS = 1024;
