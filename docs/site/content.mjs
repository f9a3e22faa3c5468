// Makes the pages that the generator reads: those of docs/ with their links turned to the site's, a
// first page of what the README begins with, and a page for each example.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix, relative, sep } from "node:path";
import { homePage } from "./home.mjs";
import { HEADER, OTHER_PAGES, pageOf } from "./pages.mjs";

/** A link from the end of its text on, or a whole image: what begins an image, target and anchor. */
export const LINK = /(!\[[^\]]*)?\]\(([^)\s#]*)(#[^)\s]*)?\)/g;
const LANGUAGES = { ".mjs": "js", ".h": "c", ".pl": "perl", ".py": "python" };

/**
 * Writes all pages but the API reference from `root`, the repository, to the folder `target`. Returns
 * a line for each link out of the site.
 */
export function writePages(root, target) {
  const problems = [];
  rmSync(target, { recursive: true, force: true });
  const write = (page, text) => {
    const path = join(target, page);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const docs = readdirSync(join(root, "docs"));
  for (const file of [...docs.filter(isMarkdown).map(inDocs), ...Object.keys(OTHER_PAGES)]) {
    write(pageOf(file), withSiteLinks(readFileSync(join(root, file), "utf8"), file, problems));
  }
  for (const name of docs.filter((name) => name.endsWith(".svg"))) {
    cpSync(join(root, inDocs(name)), join(target, name));
  }
  const examples = examplesBelow(root);
  for (const file of [HEADER, ...examples]) {
    write(pageOf(file), sourcePage(file, readFileSync(join(root, file), "utf8")));
  }
  write("examples/index.md", examplesPage(root, examples));
  write("index.md", homePage(readFileSync(join(root, "README.md"), "utf8")));
  return problems;
}

function isMarkdown(name) {
  return name.endsWith(".md");
}

function inDocs(name) {
  return `docs/${name}`;
}

/** A page's text with links to files of the repository turned to pages of the site. */
function withSiteLinks(text, file, problems) {
  const colourable = text.replace(/^```exchange$/gm, "```txt"); // no language that is known
  return outsideOfCode(colourable, (prose) =>
    prose.replace(LINK, (all, image = "", path, anchor = "") => {
      if (path === "" || /^[a-z]+:/.test(path)) return all;
      const linked = posix.join(posix.dirname(file), path);
      if (linked.endsWith(".svg")) return `${image}](/${posix.basename(linked)})`;
      const page = pageOf(linked);
      if (page !== undefined) return `${image}](/${page}${anchor})`;
      problems.push(`${file}: ${path} is not a page of the site`);
      return all;
    }),
  );
}

/** Changes what is not in a fenced block of code or between backticks. */
export function outsideOfCode(text, change) {
  return text
    .split(/(^```[\s\S]*?^```$|`(?:[^`\n]|\n(?!\n))*`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}

function examplesBelow(root) {
  return readdirSync(join(root, "examples"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".json"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

function sourcePage(file, text) {
  const suffix = extname(file);
  const fence = ["```", LANGUAGES[suffix] ?? suffix.slice(1)].join("");
  return `# ${basename(file)}\n\n\`${file}\`\n\n${fence}\n${text.trimEnd()}\n\`\`\`\n`;
}

/** Every example with the first sentence of the comment that it begins with. */
function examplesPage(root, examples) {
  const lines = examples.map((file) => {
    const purpose = purposeOf(readFileSync(join(root, file), "utf8"));
    return `- [${file.slice("examples/".length)}](/${pageOf(file)})${purpose}`;
  });
  return `# Examples\n\nEach is a whole program, and run by the tests.\n\n${lines.join("\n")}\n`;
}

/** The first sentence of the line comment that a file begins with, if it is one. */
function purposeOf(text) {
  const lines = /^(?:\/\/ .*\n)+/.exec(text)?.[0].split("\n") ?? [];
  const sentence = /^.*?[.:](?= |$)/.exec(lines.map((line) => line.slice(3)).join(" "))?.[0];
  return sentence === undefined ? "" : `: ${sentence.replace(/:$/, ".")}`;
}
