// Markup of SVG, and scales.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeMarkup(value) {
  return String(value).replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** `content` is markup already, or an array of it. */
export function element(name, attributes, content = "") {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(value)}"`);
  return `<${name}${list.join("")}>${[content].flat().join("")}</${name}>`;
}

export function text(value, attributes) {
  return element("text", attributes, escapeMarkup(value));
}

export const round = (value) => Math.round(value * 10) / 10;

/** A logarithmic scale from `[low, high]` to pixels, and its powers of ten. */
export function logScale([low, high], [from, to]) {
  const lowest = Math.log10(low);
  const perDecade = (to - from) / (Math.log10(high) - lowest);
  const ticks = [];
  for (let power = Math.ceil(lowest - 1e-9); 10 ** power <= high * 1.0001; power++) {
    ticks.push(10 ** power);
  }
  return { at: (value) => round(from + (Math.log10(value) - lowest) * perDecade), ticks };
}

const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

/** Nanoseconds as a reader says them: `100 ns`, `10 µs`. */
export function duration(nanoseconds) {
  const [factor, unit] = UNITS.find(([least]) => nanoseconds >= least) ?? UNITS.at(-1);
  return `${nanoseconds / factor} ${unit}`;
}
