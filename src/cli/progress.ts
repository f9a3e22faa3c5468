import type { WriteStream } from "node:tty";

const barWidth = 24;
const redrawIntervalMs = 50;

/** One line on standard error that redraws itself; silent where that is not a terminal. */
export class Progress {
  readonly #stream: WriteStream;
  #lastDrawn = 0;

  constructor(stream: WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** `fraction` from 0 to 1. Drawing is rare enough not to disturb what is being measured. */
  update(fraction: number, text: string): void {
    if (!this.#stream.isTTY) return;
    const now = performance.now();
    if (fraction < 1 && now - this.#lastDrawn < redrawIntervalMs) return;
    this.#lastDrawn = now;
    const filled = Math.round(fraction * barWidth);
    const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
    const percent = `${Math.floor(fraction * 100)}`.padStart(3);
    const line = `${bar} ${percent}%  ${text}`.slice(0, this.#stream.columns);
    this.#stream.write(`\r\x1b[K${line}`);
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
