import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceCode } from "../errors/index.js";
import { whenAnswered } from "./answered.js";
import type { RequestHook } from "./limits.js";
import { codeOfReply } from "./problem-reply.js";
import { hasExpired } from "./request-timeouts.js";

/** Which way a call came. */
export type CallWay = "http" | "websocket";

/** Names of a method, as in `/api/<service>/<method>`; both empty for whatever is not served. */
export interface CallName {
  readonly service: string;
  readonly method: string;
}

/** A call that has come. */
export interface CallBegin extends CallName {
  readonly way: CallWay;
}

/** How a call went. */
export interface CallEnd extends CallBegin {
  readonly code: ServiceCode;
  /** Of an HTTP answer; what it would be over HTTP, for others. */
  readonly status: number;
  readonly elapsedMs: number;
  /** The caller's address, where it has one. */
  readonly from: string | undefined;
  readonly log: CallLogger;
}

/** A logger whose lines have the request's id. */
export interface CallLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** What looks at calls as they come and go, and changes nothing. */
export interface CallObserver {
  began(begin: CallBegin): void;
  ended(end: CallEnd): void;
}

/** Tells observers of a call; what it gives is to be called when the call is over. */
export function observeCall(
  observers: readonly CallObserver[],
  begin: CallBegin,
): (how: Omit<CallEnd, keyof CallBegin | "elapsedMs">) => void {
  const startMs = performance.now();
  for (const observer of observers) observer.began(begin);
  return (how) => {
    const end = { ...begin, ...how, elapsedMs: performance.now() - startMs };
    for (const observer of observers) observer.ended(end);
  };
}

/** A hook that tells observers of every call over HTTP. */
export function observingHook(
  observers: readonly CallObserver[],
  nameOf: (request: FastifyRequest) => CallName,
): RequestHook {
  return (request, reply, proceed) => {
    const end = observeCall(observers, { ...nameOf(request), way: "http" });
    whenAnswered(reply, (isComplete) => {
      end({
        code: codeOf(reply, isComplete),
        status: reply.raw.statusCode,
        from: request.ip,
        log: request.log,
      });
    });
    proceed();
  };
}

function codeOf(reply: FastifyReply, isComplete: boolean): ServiceCode {
  // Whole over HTTP/2 and past the response over HTTP/1, and the same answer.
  if (hasExpired(reply.raw)) return "DEADLINE_EXCEEDED";
  if (!isComplete) return "CANCELLED";
  return codeOfReply(reply) ?? (reply.raw.statusCode < 400 ? "OK" : "UNKNOWN");
}
