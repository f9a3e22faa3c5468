// Bundlers, with the package outside of the bundle as it is meant, and inside of it all the same.

import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../support/package.mjs";
import { commonjs, esm, expectNative, expectWithout, report } from "../support/programs.mjs";
import { run } from "../support/run.mjs";

const node = process.execPath;
const ours = createRequire(join(root, "package.json"));
const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));

export const rows = [
  esbuild("esbuild, external", ["--format=esm", "--external:nearfar", "--outfile=out/main.mjs"]),
  esbuild("esbuild, bundled as ES module", ["--format=esm", "--outfile=out/main.mjs"]),
  {
    name: "esbuild, bundled as CommonJS",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.cjs": commonjs });
      await bundle(project, "main.cjs", ["--format=cjs", "--outfile=out/main.cjs", silent]);
      expectNative(await run(node, [join("out", "main.cjs")], project));
    },
  },
  {
    name: "esbuild, bundled and the package left behind",
    quick: true,
    run: async ({ create, empty }) => {
      const project = create({ "main.mjs": report });
      // The banner is what esbuild needs for CommonJS packages, here undici, in an ES module.
      const banner = `--banner:js=import { createRequire as requireFrom } from "node:module";
        const require = requireFrom(import.meta.url);`;
      const flags = ["--format=esm", "--external:fastify", banner, "--outfile=main.bundle.mjs"];
      await bundle(project, "main.mjs", flags);
      const elsewhere = empty();
      copyFileSync(join(project, "main.bundle.mjs"), join(elsewhere, "main.mjs"));
      // Of the package nothing is there, of the server its framework.
      await run("npm", ["install", "--prefer-offline", "--no-audit", "fastify@5"], elsewhere);
      expectWithout(await run(node, ["main.mjs"], elsewhere), /bundled .*mark it as external/);
    },
  },
  {
    name: "esbuild, bundled without its condition module, which it is told it needs",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.mjs": prototype });
      const flags = ["--format=esm", "--conditions=node", "--outfile=out/main.mjs"];
      await bundle(project, "main.mjs", flags);
      const output = await run(node, [join("out", "main.mjs")], project);
      assert.match(
        output,
        /^this code was bundled without nearfar's module .* condition "module"$/m,
      );
    },
  },
  {
    name: "Vite SSR",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      const vite = join(root, "node_modules", "vite", "bin", "vite.js");
      await run(node, [vite, "build", "--ssr", "main.mjs", "--outDir", "out"], project);
      expectNative(await run(node, [join("out", "main.js")], project));
    },
  },
  webpack("webpack, external", "module"),
  webpack("webpack, external and required, as Next.js makes server packages", "commonjs"),
];

/** Prints why a prototype cannot be read. */
const prototype = `
  import { parseDeclaration } from "nearfar/ffi";
  try { parseDeclaration("int f(void)"); } catch ({ message }) { console.log(message); }`;

/** Its warning that `import.meta` is empty in CommonJS: src/internal/package-info.ts knows. */
const silent = "--log-override:empty-import-meta=silent";

function esbuild(name, flags) {
  return {
    name,
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      await bundle(project, "main.mjs", flags);
      expectNative(await run(node, [join("out", "main.mjs")], project));
    },
  };
}

function bundle(project, entry, flags) {
  const esbuildCommand = ours.resolve("esbuild/bin/esbuild");
  return run(esbuildCommand, [entry, "--bundle", "--platform=node", ...flags], project);
}

/** `kind` is how the bundle gets at what stays outside: webpack's externalsType. */
function webpack(name, kind) {
  const isModule = kind === "module";
  const output = isModule ? "main.mjs" : "main.cjs";
  const config = `export default {
    mode: "production",
    target: "node20",
    entry: "./main.mjs",
    experiments: { outputModule: ${isModule} },
    output: { path: import.meta.dirname + "/out", filename: "${output}", module: ${isModule} },
    externals: [({ request }, done) =>
      /^nearfar(\\/|$)/.test(request) ? done(null, "${kind} " + request) : done()],
  };`;
  return {
    name,
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm, "webpack.config.mjs": config });
      await run(node, ["--input-type=module", "-e", runWebpack, tools], project);
      expectNative(await run(node, ["--no-warnings", join("out", output)], project));
    },
  };
}

/** webpack's own command line is another package: its API is enough. */
const runWebpack = `
  import { createRequire } from "node:module";
  const webpack = createRequire(process.argv[1] + "/")("webpack");
  const { default: config } = await import(process.cwd() + "/webpack.config.mjs");
  webpack({ ...config, context: process.cwd() }, (error, stats) => {
    if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
  });`;
