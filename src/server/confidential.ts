import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isLoopback } from "../internal/loopback.js";
import type { FailCall } from "./method-route.js";
import { type HttpRefusal, httpRefusal } from "./problem-reply.js";

/**
 * A hook that refuses a call whose arguments or result are secret and that came over a network in
 * clear text, before its body is read.
 */
export function confidentialGuard(
  label: string,
  fail: FailCall,
): (request: FastifyRequest, reply: FastifyReply, proceed: () => void) => void {
  return (request, reply, proceed) => {
    if (isPrivateRequest(request)) proceed();
    else fail(request, reply, refusal(label));
  };
}

/**
 * Neither TLS, nor a Unix socket, nor a connection of this machine can be read on the way. A proxy
 * on this machine that says whom it answers for is not this machine. What it says needs no trust: a
 * caller who lies about it endangers no secrets but its own.
 */
export function isPrivateRequest({ protocol, headers, raw }: RequestOrigin): boolean {
  if (protocol === "https") return true;
  if (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) {
    return headers["x-forwarded-proto"] === "https";
  }
  // The address is undefined for a Unix socket.
  const { remoteAddress } = raw.socket;
  return remoteAddress === undefined || isLoopback(remoteAddress);
}

/** What tells where a request came from. */
export interface RequestOrigin {
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly socket: { readonly remoteAddress?: string | undefined } };
}

function refusal(label: string): HttpRefusal {
  return httpRefusal(
    "FAILED_PRECONDITION",
    `${label} carries a secret, which must not cross a network in clear text; use https, ` +
      "a Unix socket or loopback, or set the server option allowClearTextSecrets",
    400,
  );
}
