import { formatCount, formatDuration, formatRatio } from "../format.js";
import { latencyChart, throughputChart } from "./charts.js";
import { htmlStyle } from "./html-style.js";
import { machineLine } from "./machine.js";
import { escapeMarkup } from "./markup.js";
import { type BenchReport, type OperationReport, WAYS } from "./report.js";
import { methodLines } from "./terminal.js";
import { millionLines, missingLine, ratioHeading, ratioLines } from "./wording.js";

/** The report as one file: no script, no font, no picture and no style from anywhere else. */
export function renderHtml(report: BenchReport): string {
  const commit = report.commit === undefined ? "" : `, commit ${report.commit}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>nearfar bench: the price of a call, near and far</title>
<style>${htmlStyle}</style>
</head>
<body>
<header>
<h1>The price of a call, near and far</h1>
<p>The same service definition, called as native code in this process and over HTTP from a server
in its own process on this machine.</p>
<p class="facts">${escapeMarkup(machineLine(report.machine))}<br>
nearfar ${escapeMarkup(report.nearfar + commit)},
<time datetime="${escapeMarkup(report.date)}">${escapeMarkup(report.date.slice(0, 10))}</time></p>
</header>
<main>
${section(ratioHeading, list(ratioLines(report)))}
${section("Latency", `<figure>${latencyChart(report)}</figure>`)}
${section("Throughput", `<figure>${throughputChart(report)}</figure>`)}
${section("One million hashes", list(millionLines(report.million)))}
${section("All numbers", numbersTable(report.operations) + list(report.missing.map(missingLine)))}
${section("How it was measured", paragraph(methodLines(report)))}
${section("Repeat it", repeatText(report))}
</main>
</body>
</html>
`;
}

function section(heading: string, content: string): string {
  return content === ""
    ? ""
    : `<section>\n<h2>${escapeMarkup(heading)}</h2>\n${content}\n</section>`;
}

function list(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<ul>\n${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join("\n")}\n</ul>`;
}

function paragraph(lines: readonly string[]): string {
  return `<p>${escapeMarkup(lines.join(" "))}</p>`;
}

const headings = ["Way", "p50", "p95", "p99", "Calls a second", "Near makes", "Samples"];

function numbersTable(operations: readonly OperationReport[]): string {
  const head = headings.map((heading) => `<th scope="col">${heading}</th>`).join("");
  return `<div class="scroll" role="region" aria-label="All numbers" tabindex="0">
<table>
<caption>Time of one call, and calls a second; near makes so many times the calls</caption>
<thead><tr>${head}</tr></thead>
${operations.map(operationBody).join("\n")}
</table>
</div>`;
}

function operationBody({ label, measurements }: OperationReport): string {
  const rows = measurements.map((each) => {
    const cells = [
      formatDuration(each.p50),
      formatDuration(each.p95),
      formatDuration(each.p99),
      formatCount(each.callsPerSecond),
      each.nearTimes === undefined ? "not measured" : formatRatio(each.nearTimes),
      each.samples.toLocaleString("en-US"),
    ];
    const data = cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join("");
    return `<tr><th scope="row">${escapeMarkup(WAYS[each.way].label)}</th>${data}</tr>`;
  });
  const heading = `<th scope="rowgroup" colspan="${headings.length}">${escapeMarkup(label)}</th>`;
  return `<tbody>\n<tr class="group">${heading}</tr>\n${rows.join("\n")}\n</tbody>`;
}

function repeatText({ quick, seed }: BenchReport): string {
  const command = `npx nearfar bench${quick ? " --quick" : ""} --seed ${seed}`;
  return `<p>On your machine, with any Node.js from 20.19 on:</p>
<pre><code>${escapeMarkup(command)}</code></pre>
<p>The order of the measurements follows the seed; the times are your machine's.
<code>--json</code> prints every number for a program to read.</p>`;
}
