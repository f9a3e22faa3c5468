/** What every first attempt adds, and every further one takes a whole of. */
const DEPOSIT = 0.2;
const CAPACITY = 20;

/**
 * How many further attempts a client may make: one for every five calls, and some in advance. So
 * attempts cannot multiply the load of a server that fails because of its load.
 */
export class RetryBudget {
  private tokens = CAPACITY;

  /** For a call's first attempt. */
  deposit(): void {
    this.tokens = Math.min(CAPACITY, this.tokens + DEPOSIT);
  }

  /** For a further attempt: false if there is none left. */
  take(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
