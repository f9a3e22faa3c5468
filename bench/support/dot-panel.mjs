// A row for each case and a mark for each peer along a logarithmic axis.
import { mark } from "./palette.mjs";
import { duration, element, logScale, text } from "./svg.mjs";

const LABELS = 226;
const ROW = 27;
const AXIS = 28;
const RIGHT = 16;

/** `rows` are `{ label, values: [{ peer, value }] }`. Gives markup and the height it takes. */
export function dotPanel(rows, { x, y, width }) {
  const values = rows.flatMap((row) => row.values.map(({ value }) => value));
  const scale = logScale(
    [Math.min(...values) / 1.3, Math.max(...values) * 1.3],
    [x + LABELS, x + width - RIGHT],
  );
  const bottom = y + rows.length * ROW;
  const grid = scale.ticks.map(
    (tick) =>
      element("path", { class: "grid", d: `M${scale.at(tick)} ${y}V${bottom}` }) +
      text(duration(tick), { class: "muted middle", x: scale.at(tick), y: bottom + 18 }),
  );
  const lines = rows.map(({ label, values: marks }, index) => {
    const middle = y + index * ROW + ROW / 2;
    const guide = `M${x + LABELS} ${middle}H${x + width - RIGHT}`;
    // The first peer is drawn last, on top.
    const drawn = marks.map(({ peer, value }) => mark(peer, scale.at(value), middle)).reverse();
    return (
      element("path", { class: "grid", d: guide }) +
      text(label, { class: "end", x: x + LABELS - 12, y: middle + 4 }) +
      drawn.join("")
    );
  });
  return { markup: [...grid, ...lines].join(""), height: rows.length * ROW + AXIS };
}
