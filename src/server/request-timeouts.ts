import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { constants, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { PROBLEM_CONTENT_TYPE } from "../service/problem.js";
import { answerClientError, requestTimeout } from "./client-error.js";
import { problemOf } from "./problem-reply.js";

/** Requests that last as long as their callers have something to send. */
const streams = new WeakSet<IncomingMessage>();

/** Lets a request take its time, as long as it goes on: its body is a stream of the caller's. */
export function takesItsTime(request: IncomingMessage): void {
  streams.add(request);
}

/** Answers to requests that were not there in time. */
const expired = new WeakSet<object>();

/** Whether the request that this answers, or would have answered, was not there in time. */
export function hasExpired(response: object): boolean {
  return expired.has(response);
}

/** What carries one request at a time: a connection of HTTP/1, a stream of HTTP/2. */
type Carrier = Socket | ServerHttp2Stream;

/** What is arriving. */
interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  /** When it began or, of a stream of the caller's, when it last went on. */
  sinceMs: number;
  /** What `receivedBy` said then; of what has not been looked at, nothing yet. */
  received: number | undefined;
}

/** What ends requests that do not arrive in time. */
export interface RequestWatch {
  /** To be told of every request. */
  began(request: IncomingMessage, response: ServerResponse): void;
  stop(): void;
}

/**
 * Ends requests whose bodies do not arrive in time. Node's own `requestTimeout` knows one limit for
 * all requests, where streams of callers need another, and none for HTTP/2. Looks at requests from
 * time to time, so that none costs a timer.
 */
export function limitRequests(server: Server, timeoutMs: number, checkMs: number): RequestWatch {
  const arrivals = new Map<Carrier, Arrival>();
  // Also that of an HTTP/2 server, for its connections of HTTP/1.
  server.requestTimeout = 0;
  const began = (request: IncomingMessage, response: ServerResponse): void => {
    const carrier = carrierOf(request);
    const known = arrivals.get(carrier);
    if (known !== undefined) {
      // Field by field, on the path of every request of a connection that is kept.
      known.request = request;
      known.response = response;
      known.sinceMs = performance.now();
      known.received = undefined;
      return;
    }
    // Requests of HTTP/2 without a body are there with their headers.
    if (isStream(carrier) && carrier.endAfterHeaders) return;
    arrivals.set(carrier, { request, response, sinceMs: performance.now(), received: undefined });
    carrier.once("close", () => arrivals.delete(carrier));
  };
  let dueMs = performance.now() + checkMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const limitMs = nowMs - timeoutMs;
    // While the event loop was busy nothing was read, though it may have arrived long ago: timers
    // come before what is to be read. Callers do not answer for that time.
    const busyMs = Math.max(0, nowMs - dueMs);
    dueMs = nowMs + checkMs;
    for (const [carrier, arrival] of arrivals) {
      arrival.sinceMs += busyMs;
      if (isThere(carrier, arrival)) continue;
      if (streams.has(arrival.request)) noteProgress(carrier, arrival);
      if (arrival.sinceMs >= limitMs) continue;
      arrivals.delete(carrier);
      expired.add(arrival.response);
      if (isStream(carrier)) expireStream(carrier, arrival);
      else expireConnection(carrier, arrival);
    }
  }, checkMs);
  timer.unref();
  return { began, stop: () => clearInterval(timer) };
}

function carrierOf(request: IncomingMessage): Carrier {
  if (request.httpVersionMajor === 1) return request.socket;
  return (request as unknown as { readonly stream: ServerHttp2Stream }).stream;
}

function isStream(carrier: Carrier): carrier is ServerHttp2Stream {
  return "endAfterHeaders" in carrier;
}

/** A whole request; HTTP/2's says so of itself only once its body has been read, too. */
function isThere(carrier: Carrier, { request }: Arrival): boolean {
  return isStream(carrier) ? carrier.state.remoteClose !== 0 : request.complete;
}

/**
 * A number that changes when something arrives. Of a stream of HTTP/2 it is what its caller may
 * still send, which grows again when the body is read.
 */
function receivedBy(carrier: Carrier): number {
  return isStream(carrier) ? (carrier.state.localWindowSize ?? 0) : carrier.bytesRead;
}

/** A caller whose items wait for the handler to read them is not the one who is slow. */
function noteProgress(carrier: Carrier, arrival: Arrival): void {
  const received = receivedBy(carrier);
  if (received === arrival.received && arrival.request.readableLength === 0) return;
  arrival.received = received;
  arrival.sinceMs = performance.now();
}

function expireConnection(socket: Socket, { response }: Arrival): void {
  const error = Object.assign(new Error("request timeout"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
  // Within an answer that has begun there is no place for another.
  if (response.headersSent) {
    socket.destroy(error);
    return;
  }
  // What is written past the response; for those who count and log answers.
  response.statusCode = requestTimeout().status;
  answerClientError(error, socket);
}

/** An answer, and then a reset that asks for no more of the request (RFC 9113, 8.1). */
function expireStream(stream: ServerHttp2Stream, { response }: Arrival): void {
  if (response.headersSent) {
    stream.close(constants.NGHTTP2_CANCEL);
    return;
  }
  const { status, ...problem } = problemOf(requestTimeout());
  response.writeHead(status, { "content-type": PROBLEM_CONTENT_TYPE });
  response.end(JSON.stringify({ ...problem, status }));
  stream.close(constants.NGHTTP2_NO_ERROR);
}
