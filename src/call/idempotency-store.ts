import { ServiceError } from "../errors/index.js";

/**
 * A key is known for 10 min; 10,000 keys and 64 MiB of answers are, the oldest are forgotten first.
 */
const KEEP_MS = 600_000;
const MAX_KEYS = 10_000;
const MAX_LENGTH = 64 * 1024 * 1024;

/** Answers that say that nothing was done: the call may be made again. */
const NOT_DONE: ReadonlySet<unknown> = new Set(["UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"]);

interface Entry {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
  readonly startMs: number;
  /** Of the answer's text; undefined while there is none. */
  length: number | undefined;
}

/**
 * The answers of calls with an idempotency key, in memory: a call that is repeated gets the same.
 */
export class IdempotencyStore {
  /** The oldest first. */
  private readonly entries = new Map<string, Entry>();
  private length = 0;

  /**
   * The answer to a call, which is begun if its key is new. `fingerprint` stands for its arguments.
   * Rejects with INVALID_ARGUMENT where the key was used with others.
   */
  answer(key: string, fingerprint: string, begin: () => Promise<unknown>): Promise<unknown> {
    this.forgetOld();
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (known.fingerprint === fingerprint) return known.answer;
      const message = "the idempotency key was used for a call with other arguments";
      return Promise.reject(new ServiceError("INVALID_ARGUMENT", message));
    }
    if (!this.makeRoom()) {
      const message = `${MAX_KEYS} calls with idempotency keys are in progress`;
      return Promise.reject(new ServiceError("RESOURCE_EXHAUSTED", message));
    }
    const answer = begin();
    const entry: Entry = { fingerprint, answer, startMs: performance.now(), length: undefined };
    this.entries.set(key, entry);
    answer.then(
      (value) => this.keep(entry, JSON.stringify(value)?.length ?? 0),
      (error: unknown) => {
        if (NOT_DONE.has((error as Partial<ServiceError>)?.code)) this.entries.delete(key);
        else this.keep(entry, 0);
      },
    );
    return answer;
  }

  private keep(entry: Entry, length: number): void {
    entry.length = length;
    this.length += length;
    while (this.length > MAX_LENGTH && this.forgetOldest());
  }

  private forgetOld(): void {
    const bornMs = performance.now() - KEEP_MS;
    for (const [key, entry] of this.entries) {
      if (entry.startMs > bornMs) return;
      if (entry.length !== undefined) this.forget(key, entry);
    }
  }

  private makeRoom(): boolean {
    return this.entries.size < MAX_KEYS || this.forgetOldest();
  }

  private forgetOldest(): boolean {
    for (const [key, entry] of this.entries) {
      if (entry.length === undefined) continue;
      this.forget(key, entry);
      return true;
    }
    return false;
  }

  private forget(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.length -= entry.length ?? 0;
  }
}
