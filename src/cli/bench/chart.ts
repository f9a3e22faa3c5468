import { chartStyle } from "./chart-style.js";
import { escapeMarkup } from "./markup.js";
import type { WayId } from "./report.js";

/** A bar on the logarithmic axis; the whisker reaches from its end to a larger value. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly whisker?: number;
  readonly colour: WayId;
}

export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  /** How to read the bars. */
  readonly subtitle: string;
  /** Said to those who cannot see the picture. */
  readonly description: string;
  readonly groups: readonly BarGroup[];
  readonly format: (value: number) => string;
  /** For the powers of ten on the axis, where there is little room. */
  readonly formatTick: (value: number) => string;
}

// Lengths in the units of the view box, which is as wide as this.
const width = 960;
const margin = 24;
const labelWidth = 216;
const valueWidth = 88; // the text behind the longest bar
const titleHeight = 76;
const headingHeight = 32;
const barPitch = 20;
const barHeight = 13;
const axisHeight = 40;
const plotLeft = margin + labelWidth;
const plotWidth = width - plotLeft - valueWidth - margin;

/** A self-contained SVG picture of horizontal bars over powers of ten. */
export function renderBarChart(chart: BarChart): string {
  const scale = logScale(chart.groups.flatMap(({ bars }) => bars));
  const parts: string[] = [];
  let top = titleHeight;
  for (const { heading, bars } of chart.groups) {
    const baseline = top + headingHeight - 10;
    parts.push(
      `<text class="heading" x="${margin}" y="${baseline}">${escapeMarkup(heading)}</text>`,
    );
    top += headingHeight;
    for (const bar of bars) {
      parts.push(renderBar(bar, top, scale, chart.format));
      top += barPitch;
    }
  }
  const height = top + axisHeight;
  const title = escapeMarkup(chart.title);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" class="nf-chart" role="img" ' +
      `viewBox="0 0 ${width} ${height}">`,
    `<title>${title}</title>`,
    `<desc>${escapeMarkup(chart.description)}</desc>`,
    `<style>${chartStyle}</style>`,
    `<rect class="surface" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${margin}" y="34">${title}</text>`,
    `<text class="muted" x="${margin}" y="56">${escapeMarkup(chart.subtitle)}</text>`,
    ...renderAxis(scale, top, chart.formatTick),
    ...parts,
    "</svg>",
  ].join("\n");
}

interface Scale {
  readonly lowest: number; // the exponents of ten at both ends
  readonly highest: number;
  position(value: number): number;
}

function logScale(bars: readonly Bar[]): Scale {
  const exponents = bars
    .flatMap(({ value, whisker }) => [value, whisker ?? value])
    .map((value) => Math.log10(value));
  const lowest = Math.floor(Math.min(...exponents) - 0.1);
  const highest = Math.ceil(Math.max(...exponents));
  const perDecade = plotWidth / (highest - lowest);
  const position = (value: number) => plotLeft + (Math.log10(value) - lowest) * perDecade;
  return { lowest, highest, position };
}

function renderAxis(scale: Scale, bottom: number, formatTick: (value: number) => string): string[] {
  const parts: string[] = [];
  for (let exponent = scale.lowest; exponent <= scale.highest; exponent++) {
    const x = round(scale.position(10 ** exponent));
    const tick = escapeMarkup(formatTick(10 ** exponent));
    parts.push(
      `<line class="grid" x1="${x}" x2="${x}" y1="${titleHeight}" y2="${bottom + 4}"/>`,
      `<text class="muted tick" x="${x}" y="${bottom + 22}">${tick}</text>`,
    );
  }
  return parts;
}

function renderBar(bar: Bar, top: number, scale: Scale, format: (value: number) => string): string {
  const { label, value, whisker, colour } = bar;
  const end = round(scale.position(value));
  const far = round(scale.position(whisker ?? value));
  const middle = top + barHeight / 2;
  const baseline = top + barHeight - 2;
  const cap = `M${end} ${middle}H${far}M${far} ${middle - 4}V${middle + 4}`;
  return [
    "<g>",
    `<text class="label" x="${plotLeft - 10}" y="${baseline}">${escapeMarkup(label)}</text>`,
    `<rect class="${colour}" x="${plotLeft}" y="${top}" `,
    `width="${round(end - plotLeft)}" height="${barHeight}" rx="2"/>`,
    whisker === undefined ? "" : `<path class="whisker" d="${cap}"/>`,
    `<text x="${far + 8}" y="${baseline}">${escapeMarkup(format(value))}</text>`,
    "</g>",
  ].join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
