import type { CircuitBreakerPolicy, IBackoff } from "cockatiel";
import { ServiceError } from "../errors/index.js";
import { ConnectionError, SilenceError } from "./connection-error.js";

type Cockatiel = typeof import("cockatiel");

/** How long an address is passed over: doubled with each rest in a row, and random. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 10_000;

/** Shorter deadlines say more about the caller than about the server. */
const TELLING_SILENCE_MS = 1_000;

/** Cockatiel's numbers, so that it is loaded by the first call only. */
const CLOSED = 0;
const OPEN = 1;
const HALF_OPEN = 2;

/**
 * What is known of an address by its calls. It fails where no service answers: the connection
 * breaks, a proxy answers for it, or nothing comes. Errors that a service answers with are no
 * failures.
 */
export class OriginHealth {
  private failures = 0;
  /** Rests in a row: a connection that breaks under a hundred calls is one reason to rest. */
  private rests = 0;
  private restsUntilMs = 0;
  private lastFailure = "";
  private breaker: CircuitBreakerPolicy | undefined;

  constructor(
    private readonly target: string,
    private readonly breakAfterFailures: number,
  ) {}

  /** Takes cockatiel, once it is there. */
  open({ circuitBreaker, ConsecutiveBreaker, handleWhen }: Cockatiel): void {
    if (this.breakAfterFailures === 0) return;
    this.breaker = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: { next: () => this.nextRest() },
      breaker: new ConsecutiveBreaker(this.breakAfterFailures),
    });
  }

  /** When it may be chosen again, by `performance.now()`; 0 while it is well. */
  get restsUntil(): number {
    return this.restsUntilMs;
  }

  /** Makes a call unless the circuit is open. In a circuit that is half open, one call tries. */
  run<T>(call: () => Promise<T>): Promise<T> {
    const { breaker } = this;
    if (breaker === undefined || breaker.state === CLOSED) return call();
    // Cockatiel would let it wait for the trial, for longer than its deadline perhaps.
    if (breaker.state === HALF_OPEN) return Promise.reject(this.broken(undefined));
    return breaker.execute(call).catch((error: unknown) => {
      throw error instanceof ServiceError ? error : this.broken(error);
    });
  }

  /** After a call that was answered. */
  succeeded(): void {
    // An answer to an older call does not close a circuit; the trial does.
    if (this.failures === 0 || this.breaker?.state === OPEN) return;
    this.failures = 0;
    this.rests = 0;
    this.restsUntilMs = 0;
    this.tell(() => Promise.resolve());
  }

  /** After a call that ended with an error, be it one of its own or its service's. */
  failed(error: ServiceError): void {
    if (isFailure(error)) {
      this.failures++;
      this.lastFailure = error.message;
      if (performance.now() >= this.restsUntilMs) {
        this.rests++;
        this.rest(this.restMs());
      }
      this.tell(() => Promise.reject(error));
    } else if (error.retryAfterMs !== undefined) {
      this.rest(error.retryAfterMs);
    } else if (error.code !== "CANCELLED" && !(error instanceof SilenceError)) {
      this.succeeded();
    }
  }

  private rest(forMs: number): void {
    this.restsUntilMs = Math.max(this.restsUntilMs, performance.now() + forMs);
  }

  /** A closed circuit learns of a call after it, so that calls need not go through it. */
  private tell(outcome: () => Promise<unknown>): void {
    const { breaker } = this;
    if (breaker?.state === CLOSED) breaker.execute(outcome).catch(() => undefined);
  }

  private nextRest(): IBackoff<unknown> {
    const duration = this.restMs();
    this.rest(duration);
    return { duration, next: () => this.nextRest() };
  }

  /** Half of it is random: clients that failed together do not come back together. */
  private restMs(): number {
    const bound = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(this.rests, 16));
    return bound / 2 + (Math.random() * bound) / 2;
  }

  private broken(cause: unknown): ConnectionError {
    return new ConnectionError(
      `${this.target} gets no calls for a while after ${this.failures} failures in a row, ` +
        `the last of which was: ${this.lastFailure}`,
      true,
      { cause },
    );
  }
}

function isFailure(error: unknown): boolean {
  if (error instanceof SilenceError) return error.waitedMs >= TELLING_SILENCE_MS;
  return error instanceof ConnectionError;
}
