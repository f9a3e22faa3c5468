// What has to hold of the built site: every link leads to a file and an element that are there, and
// nothing is loaded from another host.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The problems of the site in a folder that is served below `base`, as lines. */
export function siteProblems(folder, base) {
  const files = new Set(
    readdirSync(folder, { recursive: true }).map((file) => file.replaceAll("\\", "/")),
  );
  const pages = [...files].filter((file) => file.endsWith(".html"));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  const ids = new Map(Array.from(texts, ([page, text]) => [page, idsOf(text)]));
  const problems = [];
  for (const [page, text] of texts) {
    problems.push(...loads(text).map((address) => `${page}: loads ${address}`));
    for (const link of new Set(linksOf(text))) {
      const { file, anchor } = resolveLink(page, link, base);
      if (!files.has(file)) problems.push(`${page}: ${link} leads nowhere`);
      else if (anchor !== "" && ids.get(file)?.has(anchor) === false) {
        problems.push(`${page}: ${link} leads to no heading`);
      }
    }
  }
  for (const style of [...files].filter((file) => file.endsWith(".css"))) {
    const text = readFileSync(join(folder, style), "utf8");
    const loaded = text.match(/(?:url\(\s*["']?|@import\s+["'])(?:https?:)?\/\/[^)"']*/g) ?? [];
    problems.push(...loaded.map((address) => `${style}: loads ${address}`));
  }
  return problems;
}

/** Addresses on other hosts that a browser asks for by itself: of anything but a link to follow. */
function loads(text) {
  const tags =
    text.match(/<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*>/g) ?? [];
  return tags.flatMap(
    (tag) => tag.match(/(?<=(?:src|href|srcset|data)=")(?:https?:)?\/\/[^"]*/g) ?? [],
  );
}

function idsOf(text) {
  return new Set(Array.from(text.matchAll(/\sid="([^"]+)"/g), ([, id]) => id));
}

function linksOf(text) {
  return Array.from(text.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g), ([, link]) => link)
    .map((link) => link.replaceAll("&amp;", "&"))
    .filter((link) => !/^[a-z]+:/.test(link));
}

function resolveLink(page, link, base) {
  const [path, anchor = ""] = link.split("#");
  const absolute = path.startsWith(base)
    ? path.slice(base.length)
    : posix.join(posix.dirname(page), path);
  const file = path === "" ? page : absolute;
  const isFolder = file === "" || file === "." || file.endsWith("/");
  return {
    file: decodeURI(isFolder ? posix.join(file, "index.html") : file),
    anchor: decodeURIComponent(anchor),
  };
}
