import type { Transport, TransportRequest, TransportResponse } from "../call/index.js";
import { ConnectionError } from "../client/connection-error.js";
import { ArgumentError, describeValue, type ServiceCode, ServiceError } from "../errors/index.js";
import { sleep, waitInVain } from "./waiting.js";

/** What goes wrong with a call on its way. */
export type Fault =
  /** It arrives late. */
  | { readonly delayMs: number }
  /** The connection breaks: before the server got the call, or after it has answered. */
  | { readonly drop: "request" | "answer" }
  /** Nothing is heard any more: the call ends with its deadline. */
  | { readonly hang: true }
  /** It arrives twice; the first answer counts. A call with a stream arrives once. */
  | { readonly duplicate: true }
  /** It is refused. */
  | { readonly error: Exclude<ServiceCode, "OK"> };

/** The faults of calls in their order, counted from 0: none for the calls after the last. */
export type FaultPlan =
  | readonly (Fault | undefined)[]
  | ((request: TransportRequest, index: number) => Fault | undefined);

/**
 * A transport with faults that a plan decides, for tests of what a caller does about them.
 * Repetitions are calls of their own.
 */
export function faultyTransport(transport: Transport, plan: FaultPlan): Transport {
  if (!Array.isArray(plan) && typeof plan !== "function") {
    throw new ArgumentError(
      `plan must be an array of faults or a function, got ${describeValue(plan)}`,
    );
  }
  const faultOf = typeof plan === "function" ? plan : (_: unknown, index: number) => plan[index];
  let count = 0;
  return {
    target: transport.target,
    ...(transport.forms !== undefined && { forms: transport.forms }),
    call: (request) => meet(faultOf(request, count++), transport, request),
    close: () => transport.close(),
  };
}

async function meet(
  fault: Fault | undefined,
  transport: Transport,
  request: TransportRequest,
): Promise<TransportResponse> {
  if (fault === undefined) return transport.call(request);
  if ("delayMs" in fault) return delayed(fault.delayMs, transport, request);
  if ("error" in fault) throw new ServiceError(fault.error, `a planned ${fault.error}`);
  if ("hang" in fault) return waitInVain(request);
  if ("duplicate" in fault) {
    const first = transport.call(request);
    if (request.items === undefined) transport.call(request).catch(() => undefined);
    return first;
  }
  const { target } = transport;
  if (fault.drop === "request") {
    throw new ConnectionError(`cannot reach ${target}: a planned fault`, true);
  }
  const { items } = await transport.call(request);
  await items?.return?.();
  throw new ConnectionError(`lost the connection to ${target}: a planned fault`, false);
}

async function delayed(
  delayMs: number,
  transport: Transport,
  request: TransportRequest,
): Promise<TransportResponse> {
  if (delayMs >= request.timeoutMs) return waitInVain(request);
  await sleep(delayMs, request.signal);
  return transport.call({ ...request, timeoutMs: Math.ceil(request.timeoutMs - delayMs) });
}
