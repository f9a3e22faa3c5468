// A whole chart: its frame, title and description, around what the caller draws.
import { style } from "./palette.mjs";
import { element, text } from "./svg.mjs";

const MARGIN = 24;

/** The text of an SVG file. `about` stands under the title; `description` is for screen readers. */
export function picture({ title, about, description, width, height }, content) {
  const svg = element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", role: "img", viewBox: `0 0 ${width} ${height}` },
    [
      element("title", {}, title),
      element("desc", {}, description),
      element("style", {}, style),
      element("rect", { class: "surface", width, height, rx: 8 }),
      text(title, { class: "title", x: MARGIN, y: 34 }),
      text(about, { class: "muted", x: MARGIN, y: 56 }),
      ...content,
    ],
  );
  return `${svg}\n`;
}
