// What has to hold of the pages before the generator runs: it takes a second and needs no package.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LINK, outsideOfCode } from "./content.mjs";
import { GROUPS, slugify } from "./pages.mjs";

/** The problems of the pages that `writePages` wrote to a folder, as lines; of a good site none. */
export function pageProblems(folder) {
  const pages = readdirSync(folder, { recursive: true })
    .map((page) => page.replaceAll("\\", "/"))
    .filter((page) => page.endsWith(".md") && !page.startsWith("api/"));
  const read = (page) => readFileSync(join(folder, page), "utf8");
  return [
    ...sidebarProblems(folder, pages),
    ...pages.flatMap((page) => linkProblems(read, page, pages)),
  ];
}

function sidebarProblems(folder, pages) {
  const listed = Object.values(GROUPS).flatMap((group) => Object.keys(group));
  const reachable = new Set(listed.map((name) => `${name}.md`));
  const others = /^(examples\/|index\.md|nearfar\.h\.md|changelog\.md|contributing\.md)/;
  return [
    ...listed
      .filter((name) => !existsSync(join(folder, `${name}.md`)))
      .map((name) => `docs/${name}.md: is in the sidebar and not there`),
    ...pages
      .filter((page) => !reachable.has(page) && !others.test(page))
      .map((page) => `docs/${page}: is not in the sidebar (docs/site/pages.mjs)`),
  ];
}

function linkProblems(read, page, pages) {
  const problems = [];
  outsideOfCode(read(page), (prose) => {
    for (const [, image, path, anchor] of prose.matchAll(LINK)) {
      const isExternal = /^[a-z]+:/.test(path);
      if (image && isExternal) problems.push(`${page}: ${path} would be loaded from elsewhere`);
      if (image || isExternal) continue;
      const target = path === "" ? page : path.slice(1);
      if (!pages.includes(target)) problems.push(`${page}: no page ${path}`);
      else if (anchor !== undefined && !anchorsOf(read(target)).has(anchor.slice(1))) {
        problems.push(`${page}: ${target} has no heading ${anchor}`);
      }
    }
    return prose;
  });
  return problems;
}

function anchorsOf(text) {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  return new Set(Array.from(prose.matchAll(/^#{1,6} (.+)$/gm), ([, heading]) => slugify(heading)));
}
