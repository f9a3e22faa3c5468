import type { Send, TransportRequest, TransportResponse } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { deadlineExceeded } from "./http-exchange.js";
import { RetryBudget } from "./retry-budget.js";

/**
 * Sends an idempotent call that has no answer after a while a second time, to another server where
 * there are several, and takes what comes first; the other attempt is cancelled. It pays for the
 * few calls that are slow for a reason of one server's (Dean and Barroso, The Tail at Scale, 2013).
 */
export function withHedging(send: Send, afterMs: number): Send {
  const budget = new RetryBudget();
  return (request) => {
    if (!request.idempotent || afterMs >= request.timeoutMs) return send(request);
    budget.deposit();
    return new Promise((resolve, reject) => {
      new Race(send, request, budget, resolve, reject).run(afterMs);
    });
  };
}

/** Two attempts at most; the first value wins, the last error loses. */
class Race {
  private readonly lanes = new Set<AbortController>();
  private timer: NodeJS.Timeout | undefined;
  private hasTwo = false;

  constructor(
    private readonly send: Send,
    private readonly request: TransportRequest,
    private readonly budget: RetryBudget,
    private readonly resolve: (response: TransportResponse) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  run(afterMs: number): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.budget.take()) return;
      this.hasTwo = true;
      this.start(this.request.timeoutMs - afterMs);
    }, afterMs);
    this.start(this.request.timeoutMs);
  }

  private start(timeoutMs: number): void {
    const lane = new AbortController();
    this.lanes.add(lane);
    const { signal } = this.request;
    const both = signal === undefined ? lane.signal : AbortSignal.any([signal, lane.signal]);
    this.send({ ...this.request, timeoutMs, signal: both }).then(
      (response) => {
        this.lanes.delete(lane);
        this.end();
        this.resolve(response);
      },
      (error: unknown) => {
        this.lanes.delete(lane);
        // An error before the second attempt is an answer that was in time: retries see to it.
        if (this.lanes.size > 0) return;
        this.end();
        this.reject(this.inCallersTime(error));
      },
    );
  }

  /** The second attempt knows its own time only. */
  private inCallersTime(error: unknown): unknown {
    const isLate = error instanceof ServiceError && error.code === "DEADLINE_EXCEEDED";
    return isLate && this.hasTwo ? deadlineExceeded(this.request.timeoutMs) : error;
  }

  private end(): void {
    clearTimeout(this.timer);
    for (const lane of this.lanes) lane.abort(new Error("another attempt was answered first"));
    this.lanes.clear();
  }
}
