import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceError } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { Admission } from "./admission.js";
import { whenAnswered } from "./answered.js";
import { LoadShedding } from "./load-shedding.js";
import type { FailCall } from "./method-route.js";
import { RateLimit } from "./rate-limit.js";

/** How much is taken on; what is not named is not limited. A call that is refused was not begun. */
export interface CallLimits {
  /** Calls answered at once. Further ones wait, and are refused with UNAVAILABLE. */
  readonly concurrentCalls?: number;
  /** Calls that wait. Default: as many as `concurrentCalls`; 0: none waits. */
  readonly queuedCalls?: number;
  /** How long a call waits. Default 1,000. */
  readonly queueMs?: number;
  /**
   * Calls of a caller, refused with RESOURCE_EXHAUSTED beyond. Callers are told apart by their
   * client certificates or, without, by their addresses (Fastify's `trustProxy` applies, but for
   * WebSockets).
   */
  readonly callsPerSecond?: number;
  /** Calls that a caller may make at once. Default: `callsPerSecond`. */
  readonly burst?: number;
  /** Calls are refused with UNAVAILABLE while the event loop is later than this. */
  readonly eventLoopDelayMs?: number;
}

const DEFAULT_QUEUE_MS = 1_000;
const MAX_COUNT = 2 ** 30;

export type RequestHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  proceed: () => void,
) => void;

/** What holds the limits, whichever way calls come. */
export interface CallGate {
  /**
   * Calls one of the two, perhaps at once. What it gives is to be called when the call is over, or
   * its caller gone.
   */
  enter(caller: string, admitted: () => void, refused: (error: ServiceError) => void): () => void;
  close(): void;
}

/** Makes what holds the limits; undefined where there is none. Throws an ArgumentError. */
export function makeGate(limits: CallLimits): CallGate | undefined {
  checkLimits(limits);
  const { concurrentCalls, callsPerSecond, eventLoopDelayMs } = limits;
  const admission =
    concurrentCalls === undefined ? undefined : admissionOf(limits, concurrentCalls);
  const rates =
    callsPerSecond === undefined
      ? undefined
      : new RateLimit(callsPerSecond, limits.burst ?? callsPerSecond);
  const shedding = eventLoopDelayMs === undefined ? undefined : new LoadShedding(eventLoopDelayMs);
  if (admission === undefined && rates === undefined && shedding === undefined) return undefined;
  return {
    enter: (caller, admitted, refused) => {
      const refusal = shedding?.refusal() ?? rates?.take(caller);
      if (refusal === undefined && admission !== undefined) {
        const ticket = admission.enter(admitted, refused);
        return () => ticket.leave();
      }
      if (refusal === undefined) admitted();
      else refused(refusal);
      return NOTHING_TO_LEAVE;
    },
    close: () => shedding?.close(),
  };
}

const NOTHING_TO_LEAVE = (): void => undefined;

/** Holds the limits before a request's body is read. */
export function gateHook(
  gate: CallGate,
  callerOf: (request: FastifyRequest) => string,
  fail: FailCall,
): RequestHook {
  return (request, reply, proceed) => {
    const refused = (error: ServiceError): void => fail(request, reply, error);
    const leave = gate.enter(callerOf(request), proceed, refused);
    if (leave !== NOTHING_TO_LEAVE) whenAnswered(reply, leave);
  };
}

function admissionOf(limits: CallLimits, concurrentCalls: number): Admission {
  const { queuedCalls = concurrentCalls, queueMs = DEFAULT_QUEUE_MS } = limits;
  return new Admission({ concurrentCalls, queuedCalls, queueMs });
}

function checkLimits(limits: CallLimits): void {
  const ranges: Readonly<Record<keyof CallLimits, readonly [number, number]>> = {
    concurrentCalls: [1, MAX_COUNT],
    queuedCalls: [0, MAX_COUNT],
    queueMs: [1, MAX_TIMEOUT_MS],
    callsPerSecond: [1, MAX_COUNT],
    burst: [1, MAX_COUNT],
    eventLoopDelayMs: [1, MAX_TIMEOUT_MS],
  };
  requireKnownOptions(limits, Object.keys(ranges), "limits");
  for (const [name, value] of Object.entries(limits)) {
    const [least, most] = ranges[name as keyof CallLimits];
    if (value !== undefined) requireInteger(value, `limits.${name}`, least, most);
  }
}
