import { formatCount, formatDuration, formatRatio } from "../format.js";
import { type Column, renderTable, wrapText } from "../table.js";
import { machineLine } from "./machine.js";
import { type BenchReport, type OperationReport, WAYS } from "./report.js";
import { millionLines, missingLine, ratioHeading, ratioLines } from "./wording.js";

const columns: readonly Column[] = [
  { heading: "operation", align: "left" },
  { heading: "way", align: "left" },
  { heading: "p50", align: "right" },
  { heading: "p95", align: "right" },
  { heading: "p99", align: "right" },
  { heading: "calls/s", align: "right" },
  { heading: "near makes", align: "right" },
];

const terminalWidth = 100;

/** The whole result for a terminal of 100 columns. */
export function renderReport(report: BenchReport): string {
  const commit = report.commit === undefined ? "" : ` (${report.commit})`;
  const sections = [
    `nearfar ${report.nearfar}${commit}\n${machineLine(report.machine)}`,
    renderTable(columns, report.operations.flatMap(operationRows)),
    ...report.missing.map((place) => wrapText(missingLine(place), terminalWidth)),
    listing(ratioHeading, ratioLines(report)),
    listing("One million hashes", millionLines(report.million)),
    methodLines(report).join("\n"),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function listing(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [heading, ...lines.map((line) => `  ${line}`)].join("\n");
}

function operationRows({ label, measurements }: OperationReport, index: number): string[][] {
  const rows = measurements.map((each, row) => [
    row === 0 ? label : "",
    WAYS[each.way].label,
    formatDuration(each.p50),
    formatDuration(each.p95),
    formatDuration(each.p99),
    formatCount(each.callsPerSecond),
    each.nearTimes === undefined ? "-" : formatRatio(each.nearTimes),
  ]);
  return index === 0 ? rows : [[], ...rows];
}

/** What a reader must know to judge the numbers. */
export function methodLines({ agreement, seed, seconds }: BenchReport): string[] {
  const ways = agreement.ways.length;
  return [
    `Before timing, the results of ${agreement.calls} calls agreed in all ${ways} ways.`,
    "Percentiles are nearest-rank over all samples. A sample is one call; where calls are short,",
    "the mean of as many as take 20 µs (for the clock), so there single outliers do not show.",
    "With 64 in flight a call's time includes waiting for the other 63.",
    `Order shuffled in rounds with --seed ${seed}; ${seconds.toFixed(0)} s in all.`,
  ];
}
