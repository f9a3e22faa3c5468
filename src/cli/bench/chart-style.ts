import type { WayId } from "./report.js";

interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly bars: Readonly<Record<WayId, string>>;
}

/**
 * A hue for each place (near, aside, Unix socket, TCP); lightness tells the ways within one apart.
 */
const light: Palette = {
  surface: "#ffffff",
  text: "#1c2126",
  muted: "#5a646e",
  line: "#d9dee3",
  bars: {
    near: "#0b7a75",
    "near-promise": "#45a39d",
    aside: "#2f6db5",
    unix: "#6d4bb0",
    "unix-64": "#9a82cf",
    tcp: "#b4500f",
    "tcp-64": "#dc7c34",
  },
};

const dark: Palette = {
  surface: "#15191d",
  text: "#e8ecef",
  muted: "#a0abb5",
  line: "#343c44",
  bars: {
    near: "#35c2b8",
    "near-promise": "#218079",
    aside: "#6cb0f5",
    unix: "#b49af0",
    "unix-64": "#7a5fc0",
    tcp: "#f79a55",
    "tcp-64": "#b8652a",
  },
};

/**
 * The style inside each picture, so that it also looks right on its own, behind an `<img>`. Plain
 * colours and no custom properties: not every viewer of SVG knows those.
 */
export const chartStyle = `
.nf-chart text { font-family: system-ui, sans-serif; font-size: 13px; }
.nf-chart .title { font-size: 18px; font-weight: 600; }
.nf-chart .heading { font-weight: 600; }
.nf-chart .tick { font-size: 12px; text-anchor: middle; }
.nf-chart .label { text-anchor: end; }
.nf-chart .whisker { stroke-width: 1.5; fill: none; }
${colours(light)}
@media (prefers-color-scheme: dark) {
${colours(dark)}
}
`;

function colours({ surface, text, muted, line, bars }: Palette): string {
  return [
    `.nf-chart .surface { fill: ${surface}; }`,
    `.nf-chart text { fill: ${text}; }`,
    `.nf-chart .muted { fill: ${muted}; }`,
    `.nf-chart .grid { stroke: ${line}; }`,
    `.nf-chart .whisker { stroke: ${muted}; }`,
    ...Object.entries(bars).map(([way, colour]) => `.nf-chart .${way} { fill: ${colour}; }`),
  ].join("\n");
}
