// What is not `node main.mjs`: other runtimes, and a program that is one executable.
import { chmodSync, copyFileSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  commonjs,
  esm,
  expectIsolationRefused,
  expectNative,
  expectNativeCalls,
  isolated,
} from "../support/programs.mjs";
import { run } from "../support/run.mjs";

const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));
const interop = fileURLToPath(new URL("../../interop/node_modules/", import.meta.url));

const oven = join(tools, "@oven", `bun-${process.platform}-${process.arch}`, "bin", "bun");
/** Its install script, where that may run, moves it; on all platforms to this name. */
export const bun = existsSync(oven) ? oven : join(tools, "bun", "bin", "bun.exe");
const deno = join(tools, "@deno", `${process.platform}-${process.arch}-glibc`, "deno");

/** Node's fuse, which postject replaces. */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

export const rows = [
  ...["22", "24", "26"].map((version) => {
    const node = join(interop, `node${version}`, "bin", "node");
    return {
      name: `Node ${version}`,
      skip: () => (existsSync(node) ? "" : "test/interop/node-versions.mjs installs it"),
      run: async ({ create }) => {
        const project = create({ "main.mjs": esm, "main.cjs": commonjs });
        expectNative(await run(node, ["main.mjs"], project));
        expectNative(await run(node, ["--no-warnings", "main.cjs"], project));
      },
    };
  }),
  {
    name: "Bun",
    skip: () => (existsSync(bun) ? "" : "not for this platform"),
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm, "isolated.mjs": isolated });
      expectNativeCalls(await run(bun, ["main.mjs"], project));
      expectIsolationRefused(await run(bun, ["isolated.mjs"], project), "Bun");
    },
  },
  {
    name: "Deno",
    skip: () => (existsSync(deno) ? "" : "not for this platform"),
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm, "isolated.mjs": isolated });
      const flags = ["run", "--allow-all", "--no-remote", "--node-modules-dir=manual"];
      expectNativeCalls(await run(deno, [...flags, "main.mjs"], project));
      expectIsolationRefused(await run(deno, [...flags, "isolated.mjs"], project), "Deno");
    },
  },
  {
    name: "a single executable (SEA), the package beside it",
    run: async ({ create }) => {
      const main = `
        const { createRequire } = require("node:module");
        require = createRequire(process.execPath);
        ${commonjs}`;
      const config = { main: "main.cjs", output: "main.blob", disableExperimentalSEAWarning: true };
      const project = create({ "main.cjs": main, "sea.json": config });
      const program = join(project, "program");
      await run(process.execPath, ["--experimental-sea-config", "sea.json"], project);
      copyFileSync(process.execPath, program);
      chmodSync(program, 0o755);
      const postject = join(tools, "postject", "dist", "cli.js");
      const target = [program, "NODE_SEA_BLOB", "main.blob", "--sentinel-fuse", fuse];
      await run(process.execPath, [postject, ...target], project);
      expectNative(await run(program, [], project));
    },
  },
  {
    name: "a copied folder, as containers and deployments make it",
    quick: true,
    run: async ({ create, empty }) => {
      const project = create({ "main.mjs": esm });
      const deployed = join(empty(), "deep", "below", "with space");
      cpSync(project, deployed, { recursive: true, dereference: true });
      expectNative(await run(process.execPath, ["main.mjs"], deployed));
    },
  },
];
