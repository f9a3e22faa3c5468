// Node itself: both module systems, threads, two versions at once, permissions.
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commonjs, esm, expectNative } from "../support/programs.mjs";
import { permission, run } from "../support/run.mjs";

const node = process.execPath;

const cProgram = `
#include <nearfar.h>
#include <stdio.h>
int main(void) {
  char hex[65];
  if (nearfar_hash("Hello, World!", 13, "sha256", hex, sizeof hex) != 0) return 1;
  printf("%.8s", hex);
  return 0;
}`;

const webSocketCall = `
import { createClient } from "nearfar";
import { CryptoService } from "nearfar/services";
const client = createClient(CryptoService, { mode: "http", baseUrl: "ws://127.0.0.1:9" });
await client.hash_data("text").catch(({ code, message }) => console.log(code + ": " + message));
`;

export const rows = [
  {
    name: "ES modules",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      expectNative(await run(node, ["main.mjs"], project));
    },
  },
  {
    name: "CommonJS",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.cjs": commonjs });
      expectNative(await run(node, ["--no-warnings", "main.cjs"], project));
    },
  },
  {
    name: "worker threads",
    quick: true,
    run: async ({ create }) => {
      const main = `
        import { Worker } from "node:worker_threads";
        import "./work.mjs";
        for (let round = 0; round < 3; round++) {
          const worker = new Worker(new URL("./work.mjs", import.meta.url));
          await new Promise((resolve, reject) => worker.on("exit", resolve).on("error", reject));
        }`;
      const project = create({ "main.mjs": main, "work.mjs": esm });
      expectNative(await run(node, ["main.mjs"], project), 4);
    },
  },
  {
    name: "two versions in one process",
    quick: true,
    run: async ({ create }) => {
      const second = esm.replaceAll('"nearfar', '"nearfar-next');
      const main = 'import "./first.mjs"; import "./second.mjs";';
      const project = create({ "main.mjs": main, "first.mjs": esm, "second.mjs": second });
      copyAsVersion(join(project, "node_modules"), "nearfar-next");
      expectNative(await run(node, ["main.mjs"], project), 2);
    },
  },
  {
    name: "the permission model, with addons and nothing to read but the project",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      const flags = [permission, "--allow-addons", `--allow-fs-read=${project}/*`, "--no-warnings"];
      expectNative(await run(node, [...flags, "main.mjs"], project));
    },
  },
  {
    name: "WebSockets without the package ws, and a Node that has none",
    quick: true,
    skip: () => (globalThis.WebSocket === undefined ? "" : "this Node has its own"),
    run: async ({ create }) => {
      const project = create({ "main.mjs": webSocketCall });
      const failure = await run(node, ["main.mjs"], project);
      assert.match(failure, /^FAILED_PRECONDITION: .*npm install ws@8/);
    },
  },
  {
    name: "nearfar doctor, and the helper process",
    quick: true,
    run: async ({ create }) => {
      const project = create({});
      const main = join("node_modules", "nearfar", "dist", "cli", "main.js");
      const found = JSON.parse(await run(node, [main, "doctor", "--json"], project));
      assert.equal(found.native.source, "prebuild");
      assert.equal(found.prebuildProblem, undefined);
      const version = await run(node, [main, "helper", "--version"], project);
      assert.match(version, /\d+\.\d+\.\d+/);
    },
  },
  {
    name: "the C library, from the flags that the package gives",
    quick: true,
    run: async ({ create }) => {
      const project = create({ "main.c": cProgram });
      const main = join("node_modules", "nearfar", "dist", "cli", "main.js");
      const flags = await run(node, [main, "doctor", "--c", "--cflags", "--libs"], project);
      await run("cc", ["main.c", "-o", "program", ...words(flags)], project);
      assert.equal(await run("./program", [], project), "dffd6021");
    },
  },
];

/** As `$(...)` in a shell makes arguments of it: test folders have no spaces in their names. */
function words(text) {
  return text.trim().split(" ");
}

/** A copy of the package that is one version later: in package.json, in dist and in its binary. */
function copyAsVersion(modules, name) {
  const copy = join(modules, name);
  cpSync(join(modules, "nearfar"), copy, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  const next = version.replace(/\d$/, (digit) => `${(Number(digit) + 1) % 10}`);
  for (const entry of readdirSync(copy, { recursive: true })) {
    const path = join(copy, entry);
    if (!/(\.js|\.node|package\.json)$/.test(entry) || !statSync(path).isFile()) continue;
    const text = readFileSync(path, "latin1");
    writeFileSync(path, text.replaceAll(version, next), "latin1");
  }
}
