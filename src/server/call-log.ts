import type { FastifyRequest } from "fastify";
import type { CallEnd, CallObserver } from "./call-observer.js";

/** A line for each call, with the request's id, by the application's logger. */
export const CALL_LOG: CallObserver = {
  began: () => undefined,
  ended: ({ service, method, code, status, elapsedMs, request }: CallEnd) => {
    const details = {
      service,
      method,
      code,
      status,
      elapsedMs: round(elapsedMs),
      ...from(request),
    };
    // What the server is to blame for, as its operators see it.
    if (status >= 500) request.log.warn(details, "call failed");
    else request.log.info(details, "call answered");
  },
};

function from({ ip }: FastifyRequest): { readonly from?: string } {
  return ip === undefined ? {} : { from: ip };
}

/** To the microsecond. */
function round(elapsedMs: number): number {
  return Math.round(elapsedMs * 1000) / 1000;
}
