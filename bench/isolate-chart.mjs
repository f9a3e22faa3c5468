// Draws a run of isolate.mjs: `node bench/isolate-chart.mjs run.json docs/bench-isolate.svg`.
import { readFileSync, writeFileSync } from "node:fs";
import { dotPanel } from "./support/dot-panel.mjs";
import { figure } from "./support/markdown.mjs";
import { legend, SHOWN_SHARES } from "./support/palette.mjs";
import { picture } from "./support/picture.mjs";

const [input, output] = process.argv.slice(2);
const { machine, calls, hundred, mapped } = JSON.parse(readFileSync(input, "utf8"));

const WIDTH = 960;
const MARGIN = 24;
const TOP = 104;

const rows = Object.entries({ ...calls, "100 isolated calls at once": hundred, ...mapped });
const panel = dotPanel(
  rows.map(([label, { undisturbed, p50, p99 }]) => ({
    label,
    values: [undisturbed, p50, p99].map((microseconds, index) => ({
      peer: SHOWN_SHARES[index],
      value: microseconds * 1000,
    })),
  })),
  { x: MARGIN, y: TOP, width: WIDTH - 2 * MARGIN },
);
const frame = {
  title: "What a call costs here, and where a crash does not reach",
  about: `One run; less is better. Logarithmic scale. ${machine.cpu}, Node ${machine.node}.`,
  description: rows.map(([label, { p50 }]) => `${label}: ${figure(p50)} µs.`).join(" "),
  width: WIDTH,
};
writeFileSync(
  output,
  picture({ ...frame, height: TOP + panel.height + MARGIN }, [
    legend(SHOWN_SHARES, MARGIN, 78),
    panel.markup,
  ]),
);
