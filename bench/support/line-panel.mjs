// Lines over what grows, both axes logarithmic; 0 stands at the left edge.
import { line, mark } from "./palette.mjs";
import { duration, element, logScale, text } from "./svg.mjs";

const LEFT = 62;
const TOP = 30;
const BOTTOM = 42;
const RIGHT = 14;
/** Where 0 stands on a logarithmic axis. */
const ZERO = 0.6;

/** `series` are `{ peer, points: [{ x, y }] }`; `axis` is the unit of what grows. */
export function linePanel({ title, axis, series }, { x, y, width, height }) {
  const points = series.flatMap((each) => each.points);
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const across = logScale([Math.max(xs[0], ZERO), xs.at(-1)], [x + LEFT + 8, x + width - RIGHT]);
  const ys = points.map((point) => point.y);
  const up = logScale(
    [Math.min(...ys) / 1.3, Math.max(...ys) * 1.3],
    [y + height - BOTTOM, y + TOP],
  );
  const at = (point) => `${across.at(Math.max(point.x, ZERO))} ${up.at(point.y)}`;
  const base = y + height - BOTTOM;
  return [
    text(title, { class: "heading", x, y: y + 14 }),
    ...up.ticks.map(
      (tick) =>
        element("path", { class: "grid", d: `M${x + LEFT} ${up.at(tick)}H${x + width - RIGHT}` }) +
        text(duration(tick), { class: "muted end", x: x + LEFT - 6, y: up.at(tick) + 4 }),
    ),
    ...xs.map((value) =>
      text(amount(value), {
        class: "muted middle",
        x: across.at(Math.max(value, ZERO)),
        y: base + 16,
      }),
    ),
    text(axis, { class: "muted middle", x: x + LEFT + (width - LEFT - RIGHT) / 2, y: base + 34 }),
    ...series
      .map(({ peer, points: list }) => {
        const marks = list.map((point) =>
          mark(peer, across.at(Math.max(point.x, ZERO)), up.at(point.y)),
        );
        return line(peer, `M${list.map(at).join("L")}`) + marks.join("");
      })
      .reverse(),
  ].join("");
}

/** `64`, `1 Ki`, `64 Mi`. */
function amount(value) {
  if (value >= 1024 ** 2) return `${value / 1024 ** 2} Mi`;
  return value >= 1024 ? `${value / 1024} Ki` : String(value);
}
