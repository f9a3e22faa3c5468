import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { FastifyReply, FastifyRequest } from "fastify";

/** The header that carries a request's id, in and out. */
export const REQUEST_ID_HEADER = "x-request-id";

/** Of this process, so that ids of several servers do not meet. */
const PREFIX = randomBytes(9).toString("base64url");
let count = 0;

/** The id that a caller or a proxy gave to a request, if it can stand in a log; else a new one. */
export function requestId(request: IncomingMessage | Http2ServerRequest): string {
  return requestIdOf((request.headers as IncomingHttpHeaders)[REQUEST_ID_HEADER]);
}

/** As `requestId`, of what a call that came in another way was given. */
export function requestIdOf(given: unknown): string {
  if (typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given)) return given;
  count++;
  return `${PREFIX}-${count.toString(36)}`;
}

/** Tells the caller the id, so that it can be named to whoever reads the logs. */
export function sendRequestId({ id }: FastifyRequest, reply: FastifyReply): void {
  reply.header(REQUEST_ID_HEADER, id);
}
