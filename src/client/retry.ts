import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "../errors/index.js";
import { ConnectionError } from "./connection-error.js";
import { cancelled, deadlineExceeded } from "./http-exchange.js";
import type { Send, TransportRequest, TransportResponse } from "./transport.js";

/** The pause before the first repetition is random up to this; each further bound is doubled. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Repeats failed calls, at most `retries` times and within the call's deadline. Only a call that
 * provably never reached a server, or whose method is idempotent, is repeated, and only where the
 * server was not available: any other error is an answer.
 */
export function withRetries(send: Send, retries: number): Send {
  if (retries === 0) return send;
  return (request) => {
    const startMs = performance.now();
    return send(request).catch((error: unknown) => retry(send, request, error, startMs, retries));
  };
}

async function retry(
  send: Send,
  request: TransportRequest,
  firstError: unknown,
  startMs: number,
  retries: number,
): Promise<TransportResponse> {
  let error = firstError;
  for (let attempt = 0; attempt < retries && mayRepeat(request, error); attempt++) {
    const pauseMs = pauseBefore(attempt);
    const leftMs = Math.floor(request.timeoutMs - (performance.now() - startMs) - pauseMs);
    if (leftMs < 1) break;
    await pause(pauseMs, request.signal);
    try {
      return await send({ ...request, timeoutMs: leftMs });
    } catch (next) {
      error = next;
    }
  }
  const isLate = error instanceof ServiceError && error.code === "DEADLINE_EXCEEDED";
  throw isLate && error !== firstError ? deadlineExceeded(request.timeoutMs) : error;
}

function mayRepeat(request: TransportRequest, error: unknown): boolean {
  if (error instanceof ConnectionError) return error.wasNeverSent || request.idempotent;
  return request.idempotent && error instanceof ServiceError && error.code === "UNAVAILABLE";
}

/** Full jitter: clients that failed together do not come back together. */
function pauseBefore(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

async function pause(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await sleep(pauseMs);
    return;
  }
  await sleep(pauseMs, undefined, { signal }).catch(() => {
    throw cancelled(signal);
  });
}
