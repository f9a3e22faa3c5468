import type { CallEnd, CallObserver } from "./call-observer.js";

/** A line for each call, with the request's id, by the application's logger. */
export const CALL_LOG: CallObserver = {
  began: () => undefined,
  ended: ({ service, method, way, code, status, elapsedMs, from, log }: CallEnd) => {
    const details = {
      service,
      method,
      transport: way,
      code,
      status,
      elapsedMs: round(elapsedMs),
      ...(from !== undefined && { from }),
    };
    // What the server is to blame for, as its operators see it.
    if (status >= 500) log.warn(details, "call failed");
    else log.info(details, "call answered");
  },
};

/** To the microsecond. */
function round(elapsedMs: number): number {
  return Math.round(elapsedMs * 1000) / 1000;
}
