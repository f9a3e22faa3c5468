// Holds the layout: what stands at the top, who may include or import whom, no cycles, no file too
// long to read. Prints each violation; exits 1 if there is one.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const TOP_LEVEL = new Set(
  `.ci .clang-format .editorconfig .github .gitignore CHANGELOG.md CMakeLists.txt CONTRIBUTING.md LICENSE
   README.md bench binding.gyp biome.json docs examples native package-lock.json package.json
   prebuilds src test tsconfig.build.json tsconfig.json vitest.config.ts`.split(/\s+/),
);

/** Folders of native/ and what their files may include besides their own folder. */
const NATIVE_MAY_INCLUDE = {
  include: [],
  core: [],
  abi: ["core"],
  platform: ["core"],
  crypto: ["core", "platform"],
  capi: ["include", "core", "platform", "crypto"],
  channel: ["abi"],
  helper: ["core", "abi", "platform", "channel"],
  napi: ["core"],
  fast: ["core", "platform"],
  addon: ["core", "abi", "platform", "channel", "crypto", "napi", "fast"],
};
/** The only folders that know Node. */
const KNOWS_NODE = new Set(["napi", "addon", "fast"]);

/** Folders of src/ and what their files may import besides their own folder. */
const SOURCE_MAY_IMPORT = {
  errors: [],
  internal: ["errors"],
  ffi: ["errors", "internal"],
  isolate: ["errors", "ffi"],
  crypto: ["errors", "internal"],
  service: ["errors", "internal", "ffi", "crypto"],
  services: ["errors", "service", "crypto"],
  call: ["errors", "internal", "service"],
  client: ["errors", "internal", "service", "call"],
  server: ["errors", "internal", "service", "call"],
  testing: ["errors", "internal", "service", "call", "client"],
  cli: ["errors", "internal", "ffi", "crypto", "service", "services", "client", "server"],
  ".": ["errors", "service", "call", "client"],
};
/** Packages that only one folder may load, so that nobody pays for what they do not use. */
const PACKAGE_HOME = {
  fastify: ["server"],
  "@fastify/cors": ["server"],
  "@scalar/fastify-api-reference": ["server"],
  "prom-client": ["server"],
  undici: ["client"],
  ws: ["client", "server"],
  cockatiel: ["client"],
  typebox: ["service"],
  cborg: ["service"],
  commander: ["cli"],
  "node-gyp-build": ["internal"],
};
/**
 * Modules of Node that take milliseconds to import, and the folders that may: the others are part of
 * what applications import. `process.getBuiltinModule` loads them when they are needed.
 */
const SLOW_MODULES = new Set(
  `node:child_process node:crypto node:fs node:fs/promises node:http node:os node:stream node:util
   node:worker_threads`.split(/\s+/),
);
const MAY_IMPORT_SLOWLY = new Set(["cli", "server"]);

const MAX_LINES = 400;

const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const problems = [];

for (const name of new Set(files.map((file) => file.split("/")[0]))) {
  if (!TOP_LEVEL.has(name)) problems.push(`${name}: not a top-level name of the design`);
}
for (const file of files.filter((file) =>
  /^(src|native|bench|test)\/.*\.(ts|mjs|cpp|h|c)$/.test(file),
)) {
  const lines = readFileSync(file, "utf8").split("\n").length;
  if (lines > MAX_LINES) problems.push(`${file}: ${lines} lines, more than ${MAX_LINES}: split it`);
}
for (const file of files.filter((file) => /^native\/.*\.(cpp|h)$/.test(file))) checkNative(file);
const graph = new Map();
for (const file of files.filter((file) => /^src\/.*\.ts$/.test(file))) checkSource(file);
for (const cycle of findCycles()) problems.push(`cycle: ${cycle.join(" -> ")}`);

for (const problem of problems) console.error(problem);
console.log(`layout: ${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function checkNative(file) {
  const folder = file.split("/")[1];
  const allowed = NATIVE_MAY_INCLUDE[folder];
  if (allowed === undefined) {
    problems.push(`${file}: native/${folder} is not a folder of the design`);
    return;
  }
  for (const [, quoted, angled] of readFileSync(file, "utf8").matchAll(
    /^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)/gm,
  )) {
    const target = quoted?.split("/")[0];
    if (quoted && target !== folder && !allowed.includes(target)) {
      problems.push(`${file}: native/${folder} must not include "${quoted}"`);
    }
    if (angled && /^(node|js_native|v8|uv|openssl)/.test(angled) && !KNOWS_NODE.has(folder)) {
      problems.push(`${file}: native/${folder} must not know <${angled}>`);
    }
  }
}

function checkSource(file) {
  const folder = file.split("/").length === 2 ? "." : file.split("/")[1];
  const allowed = SOURCE_MAY_IMPORT[folder];
  if (allowed === undefined) {
    problems.push(`${file}: src/${folder} is not a folder of the design`);
    return;
  }
  const edges = [];
  for (const { target, isType, isLazy } of importsOf(file)) {
    if (target.startsWith(".")) {
      const resolved = normalize(join(dirname(file), target)).replace(/\.js$/, ".ts");
      if (!isType) edges.push(resolved);
      const other = resolved.split("/").length === 2 ? "." : resolved.split("/")[1];
      if (resolved === "src/index.ts") problems.push(`${file}: must not import src/index.ts`);
      else if (other !== folder && !allowed.includes(other)) {
        problems.push(`${file}: src/${folder} must not import ${target}`);
      }
    } else {
      if (!isType && !isLazy && SLOW_MODULES.has(target) && !MAY_IMPORT_SLOWLY.has(folder)) {
        problems.push(`${file}: ${target} takes long to import: use process.getBuiltinModule`);
      }
      const home = PACKAGE_HOME[target.startsWith("@") ? target : target.split("/")[0]];
      if (home && !isType && !home.includes(folder)) {
        problems.push(`${file}: only src/${home.join(", src/")} may load ${target}`);
      }
    }
  }
  graph.set(file, edges);
}

/** Static imports and re-exports, and dynamic imports of a literal. */
function importsOf(file) {
  const text = readFileSync(file, "utf8");
  const fixed = text.matchAll(/^(?:import|export)\s+(type\s)?[^"';]*?\bfrom\s+"([^"]+)"/gm);
  const bare = text.matchAll(/^import()\s+"([^"]+)"/gm);
  const dynamic = text.matchAll(/\b(?:import|require)\(()"([^"]+)"\)/g);
  const described = (matches, isLazy) =>
    [...matches].map(([, type, target]) => ({ target, isType: !!type, isLazy }));
  return [...described(fixed, false), ...described(bare, false), ...described(dynamic, true)];
}

function findCycles() {
  const cycles = [];
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
