import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { ServiceError } from "../errors/index.js";
import { busy } from "./admission.js";

/** How often the event loop's delay is looked at, and how finely it is measured. */
const SAMPLE_MS = 250;
const RESOLUTION_MS = 10;

/**
 * Refuses calls while the event loop lags: calls that would be answered too late make those before
 * them late too.
 */
export class LoadShedding {
  private readonly histogram: IntervalHistogram;
  private readonly timer: NodeJS.Timeout;
  private delayMs = 0;

  constructor(private readonly maxDelayMs: number) {
    this.histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.histogram.enable();
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
    this.timer.unref();
  }

  /** The refusal of a call, while calls are refused. */
  refusal(): ServiceError | undefined {
    if (this.delayMs <= this.maxDelayMs) return undefined;
    return busy(`the server is overloaded: its event loop is ${Math.round(this.delayMs)} ms late`);
  }

  close(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  private sample(): void {
    // The mean of no samples at all is not a number: the loop was blocked all the time.
    const meanMs = this.histogram.count === 0 ? SAMPLE_MS : this.histogram.mean / 1e6;
    this.delayMs = Math.max(0, meanMs - RESOLUTION_MS);
    this.histogram.reset();
  }
}
