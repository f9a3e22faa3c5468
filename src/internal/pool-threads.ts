import { ArgumentError, describeValue } from "../errors/index.js";

/** `NEARFAR_THREADS`: how many threads the native pool has, in the whole process; 0 is its own choice. */
export function poolThreads(): number {
  const text = process.env.NEARFAR_THREADS;
  if (text === undefined || text === "") return 0;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count;
  throw new ArgumentError(
    `NEARFAR_THREADS must be an integer from 1 to ${MAX_THREADS}, got ${describeValue(text)}`,
  );
}

/** More threads than this only take memory. */
const MAX_THREADS = 1024;
