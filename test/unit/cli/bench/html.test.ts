import { describe, expect, it } from "vitest";
import { latencyChart, oneAtATime, throughputChart } from "../../../../src/cli/bench/charts.js";
import { renderHtml } from "../../../../src/cli/bench/html.js";
import { WAYS, wayIds } from "../../../../src/cli/bench/report.js";
import { exampleReport } from "./example-report.js";
import { nestingProblem } from "./well-formed.js";

/** The only address a self-contained file may hold: the name of a vocabulary, never fetched. */
const svgNamespace = "http://www.w3.org/2000/svg";

function requests(markup: string): string[] {
  return (
    markup
      .replaceAll(svgNamespace, "")
      .match(/https?:|\/\/[a-z]|src=|href=|url\(|@import|<script|<link/gi) ?? []
  );
}

describe("the HTML report", () => {
  const html = renderHtml(exampleReport());

  it("is well-formed", () => {
    expect(nestingProblem(html)).toBeUndefined();
  });

  it("asks nothing of the network", () => {
    expect(requests(html)).toEqual([]);
  });

  it("has a row for every operation and way, and both charts", () => {
    const rows = html.match(/<th scope="row">/g) ?? [];
    expect(rows).toHaveLength(3 * wayIds.length);
    expect(html.match(/<svg /g)).toHaveLength(2);
  });

  it("escapes what the machine says about itself", () => {
    expect(html).toContain("Example &lt;CPU&gt; &amp; Co");
    expect(html).not.toContain("<CPU>");
  });

  it("serves light and dark, and names its language", () => {
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain('<html lang="en">');
  });

  it("says how to repeat the run", () => {
    expect(html).toContain("npx nearfar bench --quick --seed 7");
  });

  it("without near shows the far ways and says why", () => {
    const partial = renderHtml(exampleReport(["unix", "tcp", "tcp-64"]));
    expect(nestingProblem(partial)).toBeUndefined();
    expect(partial).toContain("near: not measured here. no native binary: switched off");
    expect(partial.match(/<th scope="row">/g)).toHaveLength(3 * 3);
  });
});

describe("a chart", () => {
  const charts = [
    ["latency", latencyChart(exampleReport())],
    ["throughput", throughputChart(exampleReport())],
  ] as const;

  it.each(charts)("of %s stands alone and describes itself", (_, svg) => {
    expect(nestingProblem(svg)).toBeUndefined();
    expect(requests(svg)).toEqual([]);
    expect(svg).toContain(`xmlns="${svgNamespace}"`);
    expect(svg).toMatch(/<desc>.*hash 13 B: near 140 ns|<desc>.*hash 13 B: near 7,140,000/);
  });

  it.each(charts)("of %s draws a bar for every measurement, inside the picture", (_, svg) => {
    const bars = [
      ...svg.matchAll(/<rect class="[a-z0-9-]+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g),
    ];
    expect(bars).toHaveLength(3 * wayIds.length);
    for (const [, x, width] of bars) {
      expect(Number(width)).toBeGreaterThan(0);
      expect(Number(x) + Number(width)).toBeLessThan(960);
    }
  });

  it("draws ten times the time one decade longer", () => {
    const report = exampleReport(["near"]);
    const widths = [
      ...latencyChart(report).matchAll(/class="near" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g),
    ];
    const [hash = 0, mebibyte = 0, cosine = 0] = widths.map(([, width]) => Number(width));
    const decade = (mebibyte - hash) / Math.log10(480_000 / 140);
    expect((hash - cosine) / Math.log10(140 / 10.4)).toBeCloseTo(decade, 0);
  });

  it("of chosen ways leaves the others out", () => {
    const svg = latencyChart(exampleReport(), oneAtATime);
    expect(svg).toContain(WAYS.unix.label);
    expect(svg).not.toContain("64 in flight");
  });
});
