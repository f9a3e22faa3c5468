/** In ms. A call of a helper that is awake takes a few microseconds. */
const LONGEST = 0.05;
const SHORTEST = 0.002;
/** Now and then all of it, to find out when looking pays again. */
const PROBE_EVERY = 16;

/**
 * Looks for news once in each turn of the event loop, for a while after a call was started: to be
 * woken by the system takes longer than most calls. What did not help is done less, because where
 * both processes share a processor, all the time spent looking is taken from the answer. The twin
 * of native/platform/adaptive_spin.h, which is for those that wait.
 */
export class Polling {
  #isOn = false;
  #limit = LONGEST;
  #count = 0;
  #patience = LONGEST;
  /** Since the first look: before it calls were made, which says nothing about the answers. */
  #end: number | undefined;

  constructor(
    /** Whether all that is waited for has come. */
    private readonly look: () => boolean,
    /** From here on news have to be signalled. */
    private readonly rest: () => void,
  ) {}

  /** Begins, if it is not going on already: whether it did. */
  start(): boolean {
    if (this.#isOn) return false;
    this.#isOn = true;
    this.#count++;
    this.#patience = this.#count % PROBE_EVERY === 0 ? LONGEST : this.#limit;
    this.#end = undefined;
    setImmediate(this.#turn);
    return true;
  }

  readonly #turn = (): void => {
    const hasAll = this.look();
    if (!hasAll && this.#isEarly()) {
      setImmediate(this.#turn);
      return;
    }
    this.#isOn = false;
    this.#limit = hasAll ? LONGEST : Math.max(this.#limit / 2, SHORTEST);
    this.rest();
  };
  #isEarly(): boolean {
    const now = performance.now();
    this.#end ??= now + this.#patience;
    return now < this.#end;
  }
}
