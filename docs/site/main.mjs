// The documentation site: `npm run docs` makes it from docs/, the README, the examples and the
// sources, and says where it is. It needs no network, but for the first installation of the tools.
//
//   node docs/site/main.mjs [--check | --serve] [--base /path/] [--root folder]
//
// --check   only what needs none of the tools: links, headings, and that every page is in the sidebar
// --serve   serve the site on 127.0.0.1 when it is built
// --base    the path below which the site will be served; / by default
// --root    the repository to take pages from; with --check, for tests
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pageProblems } from "./check-pages.mjs";
import { siteProblems } from "./check-site.mjs";
import { writePages } from "./content.mjs";
import { modulesOf } from "./pages.mjs";
import { serveFolder } from "./serve.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const { values: options } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    serve: { type: "boolean", default: false },
    base: { type: "string", default: "/" },
    root: { type: "string", default: join(here, "../..") },
  },
});
if (!/^\/(.*\/)?$/.test(options.base)) {
  console.error("--base must be a path that begins and ends with /, such as /nearfar/");
  process.exit(2);
}
const { root, base } = options;
const pages = options.check ? join(root, "out", "site-check") : join(here, "out", "pages");
const site = join(root, "out", "site");

endIfAny([...writePages(root, pages), ...pageProblems(pages)]);
if (options.check) console.log("every page is in the sidebar, every link leads somewhere");
else await build();

async function build() {
  installTools();
  const { writeReference } = await import("./reference.mjs");
  const packageFile = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  await writeReference(root, modulesOf(packageFile), join(pages, "api"));

  process.env.NEARFAR_SITE_BASE = base;
  rmSync(site, { recursive: true, force: true });
  const { build: generate } = await import("vitepress");
  await generate(here);
  endIfAny(siteProblems(site, base));
  console.log(`the site is in ${relative(process.cwd(), site)}`);
  if (!options.serve) return;
  const server = await serveFolder(site, base, 0);
  console.log(`served on http://127.0.0.1:${server.address().port}${base} until Ctrl+C`);
}

function installTools() {
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  if (Object.keys(dependencies).every((name) => existsSync(join(here, "node_modules", name))))
    return;
  console.error("installing the tools of docs/site/package.json ...");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["ci", ...flags], { cwd: here, stdio: ["ignore", 2, "inherit"] });
}

function endIfAny(problems) {
  if (problems.length === 0) return;
  console.error(problems.join("\n"));
  process.exit(1);
}
