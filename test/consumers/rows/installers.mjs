// Package managers: each installs the tarball with its default settings, and it works.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { esm, expectNative } from "../support/programs.mjs";
import { run } from "../support/run.mjs";
import { bun } from "./runtimes.mjs";

const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));
const node = process.execPath;
const node24 = fileURLToPath(
  new URL("../../interop/node_modules/node24/bin/node", import.meta.url),
);
const npm = (major) => join(tools, `npm${major}`, "bin", "npm-cli.js");
const quiet = ["--no-audit", "--no-fund"];

/** Away from what Python and compilers there are: nothing may be compiled. */
const withoutCompilers = {
  CXX: "/nonexistent",
  PYTHON: "/nonexistent",
  npm_config_python: "/nonexistent",
};

export const rows = [
  installer("npm 11", ({ tarball }) => [node, [npm(11), "install", ...quiet, tarball]]),
  installer("npm 11, --ignore-scripts", ({ tarball }) => [
    node,
    [npm(11), "install", "--ignore-scripts", ...quiet, tarball],
  ]),
  {
    ...installer("npm 12", ({ tarball }) => [node24, [npm(12), "install", ...quiet, tarball]]),
    skip: () => (existsSync(node24) ? "" : "npm 12 needs a newer Node, of test/interop"),
  },
  {
    name: "npm 11, offline from its cache, and npm ci",
    run: async ({ tarball, empty }) => {
      // Some configure npm to leave out of locks where packages are, and offline it cannot ask.
      const lock = { npm_config_omit_lockfile_registry_resolved: "false" };
      const env = { ...withoutCompilers, ...lock, npm_config_cache: empty() };
      const online = empty({ "main.mjs": esm });
      await run(node, [npm(11), "install", ...quiet, tarball], online, env);
      const offline = empty({ "main.mjs": esm });
      await run(node, [npm(11), "install", "--offline", ...quiet, tarball], offline, env);
      expectNative(await run(node, ["main.mjs"], offline));
      await run(node, [npm(11), "ci", "--offline", ...quiet], offline, env);
      expectNative(await run(node, ["main.mjs"], offline));
      assert.ok(!existsSync(join(offline, "node_modules", "nearfar", "build")), "it compiled");
    },
  },
  installer("pnpm", ({ tarball }) => [
    node,
    [join(tools, "pnpm", "bin", "pnpm.mjs"), "add", tarball],
  ]),
  installer("yarn 4, node_modules", yarn, { ".yarnrc.yml": "nodeLinker: node-modules\n" }),
  {
    name: "yarn 4, plug'n'play",
    run: async (workshop) => {
      const project = workshop.empty({ "main.mjs": esm, "yarn.lock": "" });
      const [command, args] = yarn(workshop);
      await run(command, args, project, yarnEnvironment);
      const script = join(tools, "@yarnpkg", "cli-dist", "bin", "yarn.js");
      expectNative(await run(node, [script, "node", "main.mjs"], project, yarnEnvironment));
    },
  },
  {
    ...installer("bun", ({ tarball }) => [bun, ["add", tarball]]),
    skip: () => (existsSync(bun) ? "" : "not for this platform"),
  },
];

const yarnEnvironment = { ...withoutCompilers, YARN_ENABLE_TELEMETRY: "0" };

function yarn({ tarball }) {
  const script = join(tools, "@yarnpkg", "cli-dist", "bin", "yarn.js");
  return [node, [script, "add", `nearfar@file:${tarball}`]];
}

function installer(name, command, files = {}) {
  return {
    name: `install with ${name}`,
    run: async (workshop) => {
      const project = workshop.empty({ "main.mjs": esm, "yarn.lock": "", ...files });
      await run(...command(workshop), project, yarnEnvironment);
      expectNative(await run(node, ["main.mjs"], project));
      assert.ok(!existsSync(join(project, "node_modules", "nearfar", "build")), "it compiled");
    },
  };
}
