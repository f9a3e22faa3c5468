// What the package declares, as text in .ci/api: a change of a public type shows in review.
//
//   npm run api            writes the report
//   npm run check:api      fails where it is not the one that the sources make; shows the difference
//
// The declarations of each subpath and of all the modules that they come from, without comments.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const reports = join(root, ".ci", "api");

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
if (!existsSync(join(root, "dist", "index.d.ts"))) {
  throw new Error("dist is missing: `npm run build:ts` makes it");
}

if (process.argv[2] === "--check") process.exitCode = check();
else write(reports);

function write(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [subpath, { types }] of entries) {
    const name = subpath === "." ? "nearfar" : subpath.slice(2).replaceAll("/", "-");
    writeFileSync(join(folder, `${name}.txt`), describe(join(root, types)));
  }
}

function check() {
  const current = mkdtempSync(join(tmpdir(), "nearfar-api-"));
  try {
    write(current);
    const args = ["diff", "--no-index", "--stat", "--patch", reports, current];
    const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
    if (status === 0) {
      console.log(`api: ${readdirSync(reports).length} reports are current`);
      return 0;
    }
    console.error(`${stdout}\napi: public types have changed; \`npm run api\` writes the report`);
    return 1;
  } finally {
    rmSync(current, { recursive: true, force: true });
  }
}

/** The declarations that an entry reaches: its own first, the others by their paths. */
function describe(entry) {
  const reached = new Map();
  collect(entry, reached);
  const [own, ...others] = [...reached];
  const sorted = others.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [own, ...sorted]
    .map(([path, text]) => `== ${relative(join(root, "dist"), path)}\n${text}`)
    .join("\n");
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
