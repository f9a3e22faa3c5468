import type { IncomingMessage } from "node:http";
import type { RequestHook } from "./limits.js";
import { httpRefusal, sendProblem } from "./problem-reply.js";

/**
 * Refuses requests that name two hosts (RFC 9112, 3.2), of which Node takes the first: a proxy that
 * takes the other one would let a caller through to where it may not go.
 */
export const requireOneHost: RequestHook = (request, reply, proceed) => {
  if (!hasTwoHosts(request.raw)) {
    proceed();
    return;
  }
  reply.header("connection", "close");
  sendProblem(reply, httpRefusal("INVALID_ARGUMENT", "the request must have one host", 400));
};

export function hasTwoHosts({ rawHeaders, httpVersionMajor }: IncomingMessage): boolean {
  // HTTP/2 has a pseudo-header in its place.
  if (httpVersionMajor > 1) return false;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts > 1;
}
