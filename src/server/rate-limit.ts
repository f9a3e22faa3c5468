import { ServiceError } from "../errors/index.js";

/**
 * Callers that are remembered; whoever came longest ago is forgotten, and begins with a full
 * bucket.
 */
const MAX_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  filledMs: number;
}

/** A token bucket for each caller: so many calls a second, and some at once. */
export class RateLimit {
  /** By caller, whoever came last at the end. */
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly callsPerSecond: number,
    private readonly burst: number,
  ) {}

  /** Takes a caller's token; the refusal if there is none. */
  take(caller: string): ServiceError | undefined {
    const nowMs = performance.now();
    const bucket = this.buckets.get(caller) ?? { tokens: this.burst, filledMs: nowMs };
    const gained = ((nowMs - bucket.filledMs) / 1000) * this.callsPerSecond;
    bucket.tokens = Math.min(this.burst, bucket.tokens + gained);
    bucket.filledMs = nowMs;
    this.remember(caller, bucket);
    if (bucket.tokens < 1) return this.refusal(1 - bucket.tokens);
    bucket.tokens -= 1;
    return undefined;
  }

  private remember(caller: string, bucket: Bucket): void {
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    if (this.buckets.size <= MAX_CALLERS) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }

  private refusal(missing: number): ServiceError {
    return new ServiceError(
      "RESOURCE_EXHAUSTED",
      `a caller may make ${this.callsPerSecond} calls a second, and ${this.burst} at once`,
      { retryAfterMs: Math.ceil((missing / this.callsPerSecond) * 1000) },
    );
  }
}
