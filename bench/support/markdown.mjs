// Tables that read well in a terminal and in Markdown.

/** Rows of cells, the first row being the heading; the first column to the left, others right. */
export function markdownTable([heading, ...rows]) {
  const widths = heading.map((_, column) =>
    Math.max(3, ...[heading, ...rows].map((row) => row[column].length)),
  );
  const pad = (cell, column) =>
    column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(heading.map(pad)), line(rule), ...rows.map((row) => line(row.map(pad)))].join("\n");
}

/** Three digits, and thousands apart: `4.27`, `61.3`, `1,340`. */
export function figure(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", {
    minimumFractionDigits: Math.min(2, digits),
    maximumFractionDigits: Math.min(2, digits),
  });
}
