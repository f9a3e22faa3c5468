// Draws a run of calls.mjs: `node bench/chart.mjs out/bench/calls.json docs/bench-calls.svg`.
import { readFileSync, writeFileSync } from "node:fs";
import { CASES } from "./calls/cases.mjs";
import { AXES } from "./calls/sweeps.mjs";
import { dotPanel } from "./support/dot-panel.mjs";
import { linePanel } from "./support/line-panel.mjs";
import { legend, SHOWN_PEERS } from "./support/palette.mjs";
import { picture } from "./support/picture.mjs";

const [input, output] = process.argv.slice(2);
const { machine, date, results } = JSON.parse(readFileSync(input, "utf8"));

const WIDTH = 960;
const MARGIN = 24;
const HEADER = 112;
const LINE_HEIGHT = 250;
const COLUMN = (WIDTH - 3 * MARGIN) / 2;

const single = results.filter(({ title }) => CASES[title].sweep === undefined);
const dots = dotPanel(single.map(toRow), { x: MARGIN, y: HEADER, width: WIDTH - 2 * MARGIN });
const linesTop = HEADER + dots.height + MARGIN;
const sweeps = Object.keys(AXES).filter((name) => pointsOf(name).length > 1);
const lines = sweeps.map((name, index) =>
  linePanel(
    { title: `Cost by ${name}`, axis: AXES[name], series: seriesOf(name) },
    {
      x: MARGIN + (index % 2) * (COLUMN + MARGIN),
      y: linesTop + Math.floor(index / 2) * (LINE_HEIGHT + MARGIN),
      width: COLUMN,
      height: LINE_HEIGHT,
    },
  ),
);
const height = linesTop + Math.ceil(sweeps.length / 2) * (LINE_HEIGHT + MARGIN);

const title = "What one native call costs, in nanoseconds";
const runtimes = Object.values(machine.runtimes).join(", ");
const about = `One run; less is better. Logarithmic scales. ${machine.cpu}, ${runtimes}, ${date}.`;
const content = [legend(SHOWN_PEERS, MARGIN, 78), dots.markup, ...lines];
writeFileSync(
  output,
  picture({ title, about, description: describe(), width: WIDTH, height }, content),
);

function toRow({ title: label, peers }) {
  const values = SHOWN_PEERS.flatMap((peer) => {
    const value = peers[peer]?.nanoseconds;
    return value === undefined ? [] : [{ peer, value }];
  });
  return { label, values };
}

function pointsOf(name) {
  return results.filter(({ title: label }) => CASES[label].sweep === name);
}

function seriesOf(name) {
  return SHOWN_PEERS.map((peer) => ({
    peer,
    points: pointsOf(name).flatMap(({ title: label, peers }) => {
      const y = peers[peer]?.nanoseconds;
      return y === undefined ? [] : [{ x: CASES[label].size, y }];
    }),
  })).filter(({ points }) => points.length > 0);
}

function describe() {
  return single
    .map(toRow)
    .map(({ label, values }) => {
      const list = values.map(({ peer, value }) => `${peer} ${value.toFixed(1)}`).join(", ");
      return `${label}: ${list}.`;
    })
    .join(" ");
}
