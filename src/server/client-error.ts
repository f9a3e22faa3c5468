import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { PROBLEM_CONTENT_TYPE } from "../service/problem.js";
import { type HttpRefusal, httpRefusal, problemOf } from "./problem-reply.js";

const LINGER_MS = 1_000;

/**
 * Answers, in the same form as all errors, what Node's HTTP parser refuses before there is a
 * request, and ends the connection: what follows on it cannot be told apart any more (RFC 9112,
 * 11.2).
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const { status, ...problem } = problemOf(refusalOf(error.code));
  const body = JSON.stringify({ ...problem, status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  // At once, what has not been read would reset the connection and lose the answer (RFC 9112, 9.6);
  // not at all, a caller that never ends it would keep it.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** The refusal of a request that is not there in time. */
export function requestTimeout(): HttpRefusal {
  return httpRefusal("DEADLINE_EXCEEDED", "the request did not arrive in time", 408);
}

function refusalOf(code: string | undefined): HttpRefusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return httpRefusal("RESOURCE_EXHAUSTED", "the request's headers are too large", 431);
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return httpRefusal("RESOURCE_EXHAUSTED", "the body's chunk extensions are too large", 413);
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return requestTimeout();
    default:
      return httpRefusal("INVALID_ARGUMENT", "the request is not valid HTTP", 400);
  }
}
