import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { answerClientError } from "./client-error.js";

/** Requests that last as long as their callers have something to send. */
const streams = new WeakSet<IncomingMessage>();

/** Lets a request take its time, as long as it goes on: its body is a stream of the caller's. */
export function takesItsTime(request: IncomingMessage): void {
  streams.add(request);
}

/** What is arriving on a connection of HTTP/1. */
interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  /** When it began or, of a stream, when it last went on. */
  sinceMs: number;
  bytesRead: number;
}

/**
 * Ends requests whose bodies do not arrive in time. Node's own `requestTimeout` knows one limit for
 * all requests, and streams of callers need another. Looks at connections from time to time, so
 * that a request costs no timer.
 */
export function limitRequests(server: Server, timeoutMs: number, checkMs: number): () => void {
  const arrivals = new Map<Socket, Arrival>();
  // Also that of an HTTP/2 server, for its connections of HTTP/1.
  server.requestTimeout = 0;
  server.on("request", (request, response) => {
    if (request.httpVersionMajor !== 1) return;
    const { socket } = request;
    const now = { request, response, sinceMs: performance.now(), bytesRead: socket.bytesRead };
    const known = arrivals.get(socket);
    if (known !== undefined) Object.assign(known, now);
    else {
      arrivals.set(socket, now);
      socket.once("close", () => arrivals.delete(socket));
    }
  });
  const timer = setInterval(() => {
    const limitMs = performance.now() - timeoutMs;
    for (const [socket, arrival] of arrivals) {
      if (arrival.request.complete) continue;
      if (streams.has(arrival.request)) noteProgress(socket, arrival);
      if (arrival.sinceMs >= limitMs) continue;
      arrivals.delete(socket);
      expire(socket, arrival);
    }
  }, checkMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A caller whose items wait for the handler to read them is not the one who is slow. */
function noteProgress(socket: Socket, arrival: Arrival): void {
  const { bytesRead } = socket;
  if (bytesRead === arrival.bytesRead && arrival.request.readableLength === 0) return;
  arrival.bytesRead = bytesRead;
  arrival.sinceMs = performance.now();
}

function expire(socket: Socket, { response }: Arrival): void {
  const error = Object.assign(new Error("request timeout"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
  // Within an answer that has begun there is no place for another.
  if (response.headersSent) socket.destroy(error);
  else answerClientError(error, socket);
}
