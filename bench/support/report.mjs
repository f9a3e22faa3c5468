// Medians, spread and the machine: what every bench prints.
import { cpus } from "node:os";

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What a call takes while nothing else has the processor: the slowest of the fastest tenth. On a
 * machine with other work medians measure that work.
 */
export function undisturbed(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 10)];
}

/** Half the distance between the quartiles, relative to the median. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const quartile = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return (quartile(0.75) - quartile(0.25)) / 2 / median(sorted);
}

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Rows of cells as aligned text: the first column to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join("  ");
  return rows.map(line).join("\n");
}

/** The items in random order. */
export function shuffled(items) {
  const list = [...items];
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [list[index], list[other]] = [list[other], list[index]];
  }
  return list;
}
