// What the package declares, as text in .ci/api.txt: a change of a public type shows in review.
//
//   npm run api            writes the report
//   npm run check:api      fails where it is not the one that dist makes; shows the difference
//
// The declarations of all modules that the subpaths reach, each once, without comments.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const report = join(root, ".ci", "api.txt");

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
if (!existsSync(join(root, "dist", "index.d.ts"))) {
  throw new Error("dist is missing: `npm run build:ts` makes it");
}

if (process.argv[2] === "--check") process.exitCode = check();
else writeFileSync(report, describe());

function check() {
  const folder = mkdtempSync(join(tmpdir(), "nearfar-api-"));
  try {
    const current = join(folder, "api.txt");
    writeFileSync(current, describe());
    const args = ["diff", "--no-index", report, current];
    const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
    if (status === 0) console.log("api: the report is current");
    else
      console.error(`${stdout}\napi: public types have changed; \`npm run api\` writes the report`);
    return status === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The subpaths, and then the modules by their paths. */
function describe() {
  const reached = new Map();
  for (const [, { types }] of entries) collect(join(root, types), reached);
  const index = entries.map(([subpath, { types }]) => `${subpath} = ${types}`).join("\n");
  const modules = [...reached]
    .map(([path, text]) => `== ${relative(join(root, "dist"), path)}\n${text}`)
    .toSorted();
  return [`${index}\n`, ...modules].join("\n");
}

function collect(path, reached) {
  if (reached.has(path)) return;
  const text = readFileSync(path, "utf8");
  reached.set(path, withoutComments(text));
  for (const [, target] of text.matchAll(/\b(?:from|import\()\s*"(\.[^"]+)"/g)) {
    collect(join(dirname(path), target.replace(/\.js$/, ".d.ts")), reached);
  }
}

function withoutComments(text) {
  return text
    .replace(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, "")
    .replace(/^\s*\/\/.*$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trimStart();
}
