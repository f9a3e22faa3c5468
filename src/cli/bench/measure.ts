import { compileLoop } from "./loop.js";
import { Samples, type Summary } from "./statistics.js";

/**
 * The least a sample lasts, in nanoseconds. Reading the clock costs some 50 ns; at 20 µs that is
 * a quarter of a percent, and shorter calls are timed as many at once as fill it.
 */
const sampleNs = 20_000;

/** In a warm-up, as many calls at once as take a millisecond: enough to tell the time of one. */
const estimateNs = 1_000_000;

/** How one operation is called in one way. */
export type Caller =
  | { readonly kind: "sync"; readonly call: () => unknown }
  | { readonly kind: "promise"; readonly call: () => unknown; readonly inFlight: number };

/** What a measurement came to; the times are nanoseconds a call. */
export interface Reading extends Summary {
  readonly callsPerSample: number;
  readonly calls: number;
  readonly callsPerSecond: number;
}

/** Measures one caller in slices, so that others can have theirs in between. */
export interface Meter {
  /** Calls untimed, and finds out how many calls make a sample. */
  warmUp(durationMs: number, signal: AbortSignal): Promise<void>;
  /** Collects samples for the duration, and at least one. */
  runSlice(durationMs: number, signal: AbortSignal): Promise<void>;
  read(): Reading;
}

export function createMeter(caller: Caller): Meter {
  if (caller.kind === "sync") return new SequentialMeter(compileLoop(caller.call));
  const { call, inFlight } = caller;
  if (inFlight > 1) return new ConcurrentMeter(call, inFlight);
  return new SequentialMeter(async (count) => {
    let results = 0;
    for (let index = 0; index < count; index++) if ((await call()) !== undefined) results++;
    return results;
  });
}

/** One call after the other. */
class SequentialMeter implements Meter {
  readonly #run: (count: number) => number | Promise<number>;
  readonly #samples = new Samples();
  #callsPerSample = 1;
  #elapsedNs = 0;

  constructor(run: (count: number) => number | Promise<number>) {
    this.#run = run;
  }

  async warmUp(durationMs: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + durationMs;
    let count = 1;
    let elapsed = 0;
    do {
      signal.throwIfAborted();
      if (elapsed > 0 && elapsed < estimateNs) count *= 2;
      elapsed = await this.#time(count);
    } while (elapsed < estimateNs || performance.now() < end);
    this.#callsPerSample = Math.max(1, Math.ceil((sampleNs * count) / elapsed));
  }

  async runSlice(durationMs: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + durationMs;
    const count = this.#callsPerSample;
    do {
      signal.throwIfAborted();
      const elapsed = await this.#time(count);
      this.#samples.add(elapsed / count);
      this.#elapsedNs += elapsed;
    } while (performance.now() < end);
  }

  read(): Reading {
    const callsPerSample = this.#callsPerSample;
    const calls = this.#samples.length * callsPerSample;
    const callsPerSecond = calls / (this.#elapsedNs / 1e9);
    return { ...this.#samples.summarize(), callsPerSample, calls, callsPerSecond };
  }

  /** Nanoseconds that `count` calls take. A synchronous run is not awaited: that would be timed. */
  async #time(count: number): Promise<number> {
    const start = performance.now();
    const running = this.#run(count);
    const results = typeof running === "number" ? running : await running;
    const elapsed = (performance.now() - start) * 1e6;
    requireResults(results, count);
    return elapsed;
  }
}

/** A fixed number of calls in flight: whenever one is answered, the next is sent. */
class ConcurrentMeter implements Meter {
  readonly #call: () => unknown;
  readonly #inFlight: number;
  readonly #samples = new Samples();
  #elapsedMs = 0;

  constructor(call: () => unknown, inFlight: number) {
    this.#call = call;
    this.#inFlight = inFlight;
  }

  async warmUp(durationMs: number, signal: AbortSignal): Promise<void> {
    await this.#run(durationMs, signal, () => undefined);
  }

  async runSlice(durationMs: number, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    await this.#run(durationMs, signal, (latencyNs) => this.#samples.add(latencyNs));
    this.#elapsedMs += performance.now() - start;
  }

  read(): Reading {
    const calls = this.#samples.length;
    const callsPerSecond = calls / (this.#elapsedMs / 1e3);
    return { ...this.#samples.summarize(), callsPerSample: 1, calls, callsPerSecond };
  }

  async #run(
    durationMs: number,
    signal: AbortSignal,
    record: (latencyNs: number) => void,
  ): Promise<void> {
    const end = performance.now() + durationMs;
    const callInTurn = async () => {
      do {
        signal.throwIfAborted();
        const start = performance.now();
        const result = await this.#call();
        record((performance.now() - start) * 1e6);
        requireResults(result === undefined ? 0 : 1, 1);
      } while (performance.now() < end);
    };
    await Promise.all(Array.from({ length: this.#inFlight }, callInTurn));
  }
}

function requireResults(results: number, calls: number): void {
  if (results !== calls) throw new Error(`${calls - results} of ${calls} calls had no result`);
}
