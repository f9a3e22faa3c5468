/** What the samples of one measurement come to; all in the unit of the samples. */
export interface Summary {
  readonly samples: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Said in every report, so that nobody has to guess. */
export const percentileDefinition =
  "nearest-rank: the smallest sample that at least p percent of all samples do not exceed; " +
  "no merging of runs, no interpolation, no outliers removed";

/**
 * The nearest-rank percentile of samples in ascending order: always one of them.
 *
 * @param percent above 0, at most 100
 * @throws RangeError when there are no samples
 */
export function percentile(sorted: Float64Array, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  const value = sorted[Math.max(rank, 1) - 1];
  if (value === undefined) throw new RangeError("there are no samples");
  return value;
}

/** Every sample of a measurement, in a buffer that grows: none is dropped or merged. */
export class Samples {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  summarize(): Summary {
    const sorted = this.#values.slice(0, this.#length).sort();
    return {
      samples: this.#length,
      p50: percentile(sorted, 50),
      p95: percentile(sorted, 95),
      p99: percentile(sorted, 99),
    };
  }
}
