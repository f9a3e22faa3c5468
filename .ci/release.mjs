// A release: `npm run release -- 0.2.0` puts the version into package.json, its lock and
// src/internal/version.ts, dates the changelog's unreleased section and writes the API report. It
// commits nothing: the difference is to be read. A tag `v0.2.0` on the commit publishes it
// (.github/workflows/release.yml).
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** For tests: another folder than this one. */
    root: { type: "string", default: fileURLToPath(new URL("../", import.meta.url)) },
    date: { type: "string", default: new Date().toISOString().slice(0, 10) },
  },
});
const [version] = positionals;
const { root, date } = values;

if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? "")) {
  fail(`the version must be like 1.2.3 or 1.2.3-beta.1, got ${version}`);
}
const changelog = read("CHANGELOG.md");
const heading = /^## .*unreleased.*$/im;
if (!heading.test(changelog)) fail("CHANGELOG.md has no section that is unreleased");
if (/^## (\S+) \(\d{4}-/m.exec(changelog)?.[1] === version) fail(`${version} is in CHANGELOG.md`);

edit("CHANGELOG.md", (text) => text.replace(heading, `## ${version} (${date})`));
edit("package.json", (text) => text.replace(/("version": ")[^"]+/, `$1${version}`));
// Twice in the lock: of the whole, and of its root package.
edit("package-lock.json", (text) => {
  let seen = 0;
  return text.replace(/("version": ")[^"]+/g, (all, start) => (seen++ < 2 ? start + version : all));
});
edit("src/internal/version.ts", (text) => text.replace(/"[\d][^"]*"/, `"${version}"`));
if (existsSync(join(root, ".ci", "build.mjs"))) {
  for (const script of ["build.mjs", "api-report.mjs"]) {
    execFileSync(process.execPath, [join(root, ".ci", script)], { cwd: root, stdio: "inherit" });
  }
}
console.log(
  `${version} of ${date}. Now: read \`git diff\`, commit, and tag the commit v${version}.`,
);

function edit(file, change) {
  const text = read(file);
  const changed = change(text);
  if (changed === text && !text.includes(version)) fail(`${file} was not changed`);
  writeFileSync(join(root, file), changed);
}

function read(file) {
  return readFileSync(join(root, file), "utf8");
}

function fail(problem) {
  console.error(`release: ${problem}`);
  process.exit(1);
}
