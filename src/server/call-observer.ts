import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceCode } from "../errors/index.js";
import { whenAnswered } from "./answered.js";
import type { RequestHook } from "./limits.js";
import { codeOfReply } from "./problem-reply.js";

/** How a call went. */
export interface CallEnd {
  readonly service: string;
  readonly method: string;
  readonly code: ServiceCode;
  readonly status: number;
  readonly elapsedMs: number;
  readonly request: FastifyRequest;
}

/** What looks at calls as they come and go, and changes nothing. */
export interface CallObserver {
  began(service: string, method: string): void;
  ended(end: CallEnd): void;
}

/** Names of a method, as in `/api/<service>/<method>`; both empty for whatever is not served. */
export interface CallName {
  readonly service: string;
  readonly method: string;
}

/** A hook that tells observers of every call. */
export function observingHook(
  observers: readonly CallObserver[],
  nameOf: (request: FastifyRequest) => CallName,
): RequestHook {
  return (request, reply, proceed) => {
    const startMs = performance.now();
    const { service, method } = nameOf(request);
    for (const observer of observers) observer.began(service, method);
    whenAnswered(reply, (isComplete) => {
      const elapsedMs = performance.now() - startMs;
      const code = isComplete ? codeOf(reply) : "CANCELLED";
      const status = reply.raw.statusCode;
      for (const observer of observers) {
        observer.ended({ service, method, code, status, elapsedMs, request });
      }
    });
    proceed();
  };
}

function codeOf(reply: FastifyReply): ServiceCode {
  return codeOfReply(reply) ?? (reply.raw.statusCode < 400 ? "OK" : "UNKNOWN");
}
