// Makes dist from src: declarations by tsc, and by rollup one ES module for each subpath and command
// over one for each folder they share. Node takes about a millisecond to find and load a module, and
// src has some two hundred of them. Nothing is renamed or left out, so that stack traces and the code
// in node_modules can be read; packages stay outside; what the sources import dynamically is still
// loaded only when it is needed.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rollup } from "rollup";
import { builtinModules } from "./builtin-modules.mjs";
import { deferredModules } from "./deferred-modules.mjs";
import { tracedFiles } from "./traced-files.mjs";

/**
 * Folders of src by the module that they become, inner ones first; every other file goes where rollup
 * puts it. Some entries load the inner ones at once, and the others when they are needed.
 */
const SHARED = {
  "ffi/isolate": "isolate",
  "service/crypto": "service-crypto",
  errors: "base",
  internal: "base",
  ffi: "ffi",
  isolate: "isolate",
  crypto: "crypto",
  service: "service",
  call: "call",
  client: "client",
  server: "server",
};

const root = fileURLToPath(new URL("../", import.meta.url));
const compiled = join(root, "out", "build", "js");
const bundled = join(root, "out", "build", "dist");
const target = join(root, "dist");

const builtins = builtinModules(join(compiled, "internal", "builtin-module.js"));
const deferred = deferredModules({ compiled, entries: exportedFiles() });

rmSync(dirname(compiled), { recursive: true, force: true });
const typesAreRight = compile();
spellForOlderCompilers();
await bundle();
// Only now: whoever runs dist meanwhile does not meet half of it.
rmSync(target, { recursive: true, force: true });
renameSync(bundled, target);
if (!typesAreRight) process.exitCode = 1;

/** Type errors are printed and do not stop the build; they make it fail in the end. */
function compile() {
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const folders = ["--outDir", compiled, "--declarationDir", bundled];
  const args = [join(typescript, "bin", "tsc"), "-p", "tsconfig.build.json", ...folders];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status === 0;
}

/** Says in other words what needs a type parameter that TypeScript before 5.7 does not have. */
function spellForOlderCompilers() {
  for (const name of readdirSync(bundled, { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const path = join(bundled, name);
    const text = readFileSync(path, "utf8");
    const older = text
      .replaceAll("Uint8Array<ArrayBufferLike>", "Uint8Array")
      .replaceAll("Uint8Array<ArrayBuffer>", 'ReturnType<Uint8ArrayConstructor["of"]>')
      .replace(/\bArrayBufferView<ArrayBuffer(Like)?>/g, "ArrayBufferView");
    if (older !== text) writeFileSync(path, older);
  }
}

async function bundle() {
  const build = await rollup({
    input: Object.fromEntries(entryNames().map((name) => [name, join(compiled, `${name}.js`)])),
    external: (id) => /^[\w@]/.test(id) && !id.startsWith("node:"),
    plugins: [builtins, deferred, tracedFiles("shared/base.js")],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await build.write({
    dir: bundled,
    format: "es",
    // As far below package.json as the sources are: src/internal/package-info.ts.
    chunkFileNames: "shared/[name].js",
    manualChunks: sharedModule,
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    generatedCode: "es2015",
  });
  await build.close();
}

/** What package.json names, and what is run as a process of its own; without folder and suffix. */
function entryNames() {
  const named = [...Object.values(exportedFiles()), ...Object.values(readPackage().bin)];
  const processes = readdirSync(compiled, { recursive: true })
    .filter((path) => path.endsWith("-process.js"))
    .map((path) => path.replace(/\.js$/, ""));
  return [...named.map((path) => path.replace(/^\.\/dist\/(.*)\.js$/, "$1")), ...processes];
}

/** The modules of the subpaths: `{ "./ffi": "./dist/ffi/index.js", ... }`. */
function exportedFiles() {
  const files = Object.entries(readPackage().exports).map(([path, entry]) => [path, entry.default]);
  return Object.fromEntries(files.filter(([, file]) => file !== undefined));
}

function readPackage() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

function sharedModule(id, { getModuleInfo }) {
  if (builtins.api.owns(id) || deferred.api.isLoader(id)) return "base";
  const path = relative(compiled, id).split(sep).join("/");
  const { areEntries, deferrals } = whatLoads(id, getModuleInfo);
  if (!areEntries && deferrals.size <= 1) return undefined;
  return Object.entries(SHARED).find(([folder]) => path.startsWith(`${folder}/`))?.[1];
}

/** Whether entries import a file statically, itself or through others, and what deferred.js do. */
function whatLoads(
  id,
  getModuleInfo,
  seen = new Set(),
  found = { areEntries: false, deferrals: new Set() },
) {
  if (seen.has(id)) return found;
  seen.add(id);
  const { isEntry, importers } = getModuleInfo(id);
  if (deferred.api.isDeferred(id)) found.deferrals.add(id);
  else if (isEntry) found.areEntries = true;
  for (const importer of importers) whatLoads(importer, getModuleInfo, seen, found);
  return found;
}
