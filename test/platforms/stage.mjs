// The package with its tests as JavaScript, in a folder that is the package's root for them: what
// runs in another system needs no TypeScript, no Vite, and none of their binaries for that system.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const inProcess = fileURLToPath(new URL("in-process/", import.meta.url));

/** Packages with what they need; those of Vitest are plain JavaScript. */
const PACKAGES = [
  "@vitest/runner",
  "@vitest/expect",
  "expect-type",
  "fast-check",
  "node-gyp-build",
];

/** What tests read beside the sources. */
const PARTS = ["package.json", "dist", "native/addon/exports.map", "native/include", "README.md"];

/**
 * Stages for a target (`linux-arm64`) and a C library in `tree`, with its prebuild or the path of
 * another addon.
 */
export function stageTree(tree, { target, libc }, addon) {
  const prebuild = join(root, "prebuilds", target);
  if (addon === undefined && !existsSync(prebuild)) {
    throw new Error(`no prebuild: run \`npm run prebuild -- --target ${target}\` first`);
  }
  rmSync(tree, { recursive: true, force: true });
  compileTests(tree);
  const isSource = (path) => !/node_modules|\.ts$/.test(path);
  for (const folder of ["test", "docs", ".ci"]) {
    cpSync(join(root, folder), join(tree, folder), { recursive: true, filter: isSource });
  }
  for (const part of PARTS) cpSync(join(root, part), join(tree, part), { recursive: true });
  const staged = join(tree, "prebuilds", target);
  const name = libc === undefined ? "nearfar.node" : `nearfar.${libc}.node`;
  if (addon === undefined) cpSync(prebuild, staged, { recursive: true });
  else cpSync(addon, join(staged, name));
  for (const name of PACKAGES) copyPackage(name, root, join(tree, "node_modules"));
  replaceVitest(join(tree, "node_modules", "vitest"));
  mkdirSync(join(tree, "out", "fixtures"), { recursive: true });
  mkdirSync(join(tree, "out", "temporary"), { recursive: true });
}

/** Its types are the business of `npm run check:types`. */
function compileTests(tree) {
  const require = createRequire(import.meta.url);
  const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  const flags = ["-p", "tsconfig.json", "--noEmit", "false", "--noCheck", "--outDir", tree];
  const { status } = spawnSync(process.execPath, [compiler, ...flags], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the tests do not compile: see `npm run check:types`");
}

/** A package and all that it needs, as far as npm has put them side by side. */
function copyPackage(name, from, modules) {
  const target = join(modules, name);
  if (existsSync(target)) return;
  const source = join(from, "node_modules", name);
  cpSync(source, target, { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  for (const dependency of Object.keys(dependencies)) {
    if (!dependency.startsWith("@types/")) copyPackage(dependency, from, modules);
  }
}

function replaceVitest(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of ["vitest.mjs", "fresh-modules.mjs", "fresh-modules-hooks.mjs"]) {
    cpSync(join(inProcess, file), join(folder, file));
  }
  const manifest = { name: "vitest", type: "module", exports: "./vitest.mjs" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
}
