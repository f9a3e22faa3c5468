// Draws a run of crypto.mjs: `node bench/crypto-chart.mjs crypto.json docs/bench-crypto.svg`.
import { readFileSync, writeFileSync } from "node:fs";
import { linePanel } from "./support/line-panel.mjs";
import { legend, SHOWN_HASHES } from "./support/palette.mjs";
import { picture } from "./support/picture.mjs";

const [input, output] = process.argv.slice(2);
const { machine, runtimes, openssl, sizes } = JSON.parse(readFileSync(input, "utf8"));

const WIDTH = 960;
const MARGIN = 24;
const TOP = 124;
const PANEL_HEIGHT = 420;

const series = SHOWN_HASHES.flatMap((peer) => {
  const result = sizes.results.find((each) => each.peer === peer);
  if (result === undefined) return [];
  return [
    { peer, points: result.bySize.map(({ size, nanoseconds }) => ({ x: size, y: nanoseconds })) },
  ];
});
const panel = linePanel(
  { title: "Time of one digest, by size", axis: "bytes", series },
  { x: MARGIN, y: TOP, width: WIDTH - 2 * MARGIN, height: PANEL_HEIGHT },
);
const about = `One run; less is better. Logarithmic scales. ${machine.cpu}, ${Object.values(runtimes).join(", ")}, OpenSSL ${openssl}.`;
const description = series
  .map(
    ({ peer, points }) =>
      `${peer}: ${points.map(({ x, y }) => `${x} B ${y.toFixed(0)} ns`).join(", ")}.`,
  )
  .join(" ");
const frame = { title: "What SHA-256 costs", about, description, width: WIDTH };
writeFileSync(
  output,
  picture({ ...frame, height: TOP + PANEL_HEIGHT + MARGIN }, [
    legend(SHOWN_HASHES, MARGIN, 78),
    panel,
  ]),
);
