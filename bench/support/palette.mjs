// One colour and one shape for each peer, in light and dark; the legend that tells them.
import { element, round, text } from "./svg.mjs";

const CALL_PEERS = {
  nearfar: { light: "#0b7a75", dark: "#35c2b8", shape: "circle" },
  "nearfar by Node-API": { light: "#0b7a75", dark: "#35c2b8", shape: "ring" },
  koffi: { light: "#c2410c", dark: "#fb923c", shape: "square" },
  "Node-API by hand": { light: "#6b7280", dark: "#9ca3af", shape: "diamond" },
  "node:ffi, Node 26": { light: "#15803d", dark: "#4ade80", shape: "triangle" },
  Bun: { light: "#be185d", dark: "#f472b6", shape: "square" },
  Deno: { light: "#6d28d9", dark: "#a78bfa", shape: "triangle" },
  "ffi-rs": { light: "#a16207", dark: "#facc15", shape: "diamond" },
  "a loop in JavaScript": { light: "#1d4ed8", dark: "#60a5fa", shape: "cross" },
  "a loop in C": { light: "#111827", dark: "#f3f4f6", shape: "cross" },
};

const HASH_PEERS = {
  "nearfar hash": { light: "#0b7a75", dark: "#35c2b8", shape: "circle" },
  "nearfar hashInto": { light: "#0b7a75", dark: "#35c2b8", shape: "ring" },
  "crypto.hash": { light: "#15803d", dark: "#4ade80", shape: "triangle" },
  createHash: { light: "#c2410c", dark: "#fb923c", shape: "square" },
  "sodium-native": { light: "#6b7280", dark: "#9ca3af", shape: "diamond" },
  "Bun.SHA256": { light: "#be185d", dark: "#f472b6", shape: "square" },
  "Deno's createHash": { light: "#6d28d9", dark: "#a78bfa", shape: "triangle" },
  "hash-wasm": { light: "#a16207", dark: "#facc15", shape: "diamond" },
  "@noble/hashes": { light: "#1d4ed8", dark: "#60a5fa", shape: "cross" },
};

/** The shares of many calls, instead of peers. */
const CALL_SHARES = {
  undisturbed: { light: "#0b7a75", dark: "#35c2b8", shape: "circle" },
  "half of them": { light: "#a16207", dark: "#facc15", shape: "square" },
  "99 in 100": { light: "#c2410c", dark: "#fb923c", shape: "diamond" },
};

const PEERS = { ...CALL_PEERS, ...HASH_PEERS, ...CALL_SHARES };
const NAMES = Object.keys(PEERS);

/** Those of each chart, in the order of its legend. */
export const SHOWN_PEERS = Object.keys(CALL_PEERS);
export const SHOWN_HASHES = Object.keys(HASH_PEERS);
export const SHOWN_SHARES = Object.keys(CALL_SHARES);

const classOf = (peer) => `p${NAMES.indexOf(peer)}`;

const coloursOf = (theme) =>
  NAMES.map((peer) => {
    const colour = PEERS[peer][theme];
    return `.${classOf(peer)} { fill: ${colour}; stroke: ${colour}; }`;
  }).join("\n");

function base(surface, ink, muted, grid) {
  return `.surface { fill: ${surface}; } text { fill: ${ink}; } .muted { fill: ${muted}; }
.grid { stroke: ${grid}; } .ring, .line { fill: none; } .ring { fill: ${surface}; }`;
}

/** Plain colours and no custom properties: not every viewer of SVG knows those. */
export const style = `
text { font-family: system-ui, sans-serif; font-size: 12px; }
.title { font-size: 18px; font-weight: 600; } .heading { font-size: 13px; font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; } .mark { stroke-width: 1.6; }
.line { stroke-width: 1.6; stroke-linejoin: round; } .dashed { stroke-dasharray: 4 3; }
${coloursOf("light")}
${base("#ffffff", "#1c2126", "#5a646e", "#e3e7eb")}
@media (prefers-color-scheme: dark) {
${coloursOf("dark")}
${base("#15191d", "#e8ecef", "#a0abb5", "#2c343b")}
}
`;

/** A peer's mark at a point. */
export function mark(peer, x, y) {
  const { shape } = PEERS[peer];
  const r = 4.5;
  const own = { class: `mark ${classOf(peer)}` };
  const path = (d) => element("path", { ...own, d });
  switch (shape) {
    case "circle":
      return element("circle", { ...own, cx: x, cy: y, r });
    case "ring":
      return element("circle", { class: `${own.class} ring`, cx: x, cy: y, r: r - 0.5 });
    case "square":
      return element("rect", { ...own, x: round(x - 4), y: round(y - 4), width: 8, height: 8 });
    case "diamond":
      return path(`M${x} ${round(y - r)}l${r} ${r}l-${r} ${r}l-${r} -${r}z`);
    case "triangle":
      return path(`M${x} ${round(y - r)}l${r} ${2 * r - 1}h-${2 * r}z`);
    case "cross":
      return path(`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`);
  }
}

/** The path of a peer's line; by Node-API dashed. */
export function line(peer, d) {
  const dashed = PEERS[peer].shape === "ring" ? " dashed" : "";
  return element("path", { class: `${classOf(peer)} line${dashed}`, d });
}

const LEGEND_COLUMNS = 5;
const LEGEND_PITCH = 176;
const LEGEND_LINE = 18;

export function legend(peers, x, y) {
  return peers
    .map((peer, index) => {
      const left = x + 6 + (index % LEGEND_COLUMNS) * LEGEND_PITCH;
      const top = y + Math.floor(index / LEGEND_COLUMNS) * LEGEND_LINE;
      return mark(peer, left, top) + text(peer, { x: left + 12, y: top + 4 });
    })
    .join("");
}
