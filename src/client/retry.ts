import { setTimeout as sleep } from "node:timers/promises";
import {
  errorOfAbort,
  type Send,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { ConnectionError } from "./connection-error.js";
import { deadlineExceeded } from "./http-exchange.js";
import { RetryBudget } from "./retry-budget.js";

/** The pause before the first repetition is random up to this; each further bound is doubled. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Repeats failed calls, at most `retries` times, within the call's deadline and the client's
 * budget. Only a call that provably never reached a server, or whose method is idempotent, is
 * repeated, and only where the server was not available or says when it will be: any other error is
 * an answer.
 */
export function withRetries(send: Send, retries: number): Send {
  if (retries === 0) return send;
  const budget = new RetryBudget();
  return (request) => {
    const startMs = performance.now();
    budget.deposit();
    return send(request).catch((error: unknown) =>
      retry({ send, request, startMs, retries, budget }, error),
    );
  };
}

interface Attempts {
  readonly send: Send;
  readonly request: TransportRequest;
  readonly startMs: number;
  readonly retries: number;
  readonly budget: RetryBudget;
}

async function retry(attempts: Attempts, firstError: unknown): Promise<TransportResponse> {
  const { send, request, startMs, retries, budget } = attempts;
  let error = firstError;
  for (let attempt = 0; attempt < retries && mayRepeat(request, error); attempt++) {
    const pauseMs = pauseBefore(attempt) + askedPause(error);
    const leftMs = Math.floor(request.timeoutMs - (performance.now() - startMs) - pauseMs);
    if (leftMs < 1 || !budget.take()) break;
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
  if (!request.idempotent || !(error instanceof ServiceError)) return false;
  if (error.code === "UNAVAILABLE") return true;
  return error.code === "RESOURCE_EXHAUSTED" && error.retryAfterMs !== undefined;
}

/** Full jitter: clients that failed together do not come back together. */
function pauseBefore(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

function askedPause(error: unknown): number {
  return error instanceof ServiceError ? (error.retryAfterMs ?? 0) : 0;
}

async function pause(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await sleep(pauseMs);
    return;
  }
  await sleep(pauseMs, undefined, { signal }).catch(() => {
    throw errorOfAbort(signal);
  });
}
