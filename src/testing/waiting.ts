import { errorOfAbort, type TransportRequest } from "../call/index.js";
import { ServiceError } from "../errors/index.js";

/** Waits; rejects with CANCELLED as soon as the signal says so. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(errorOfAbort(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) reject(errorOfAbort(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Waits until the caller does not any more. */
export async function waitInVain({ timeoutMs, signal }: TransportRequest): Promise<never> {
  await sleep(timeoutMs, signal);
  throw new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`);
}
