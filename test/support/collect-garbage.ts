import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
// Bun, which has its own engine, takes the flag only when it starts, and has the function here.
const gc = globalThis.gc ?? (runInNewContext("gc") as () => void);

/** A full collection, then a turn of the event loop for finalizers. */
export async function collectGarbage(): Promise<void> {
  gc();
  await new Promise((resolve) => setImmediate(resolve));
}

/** A full collection at once, in the middle of whatever runs. */
export function collectNow(): void {
  gc();
}
