// Other tools read the OpenAPI document of a server: two validators judge it, and a client that
// openapi-typescript generates from it calls the server. An Express application calls it too. Exits
// with 1 if anything is amiss.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

if (!existsSync(join(here, "node_modules"))) {
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
}
const link = join(here, "node_modules", "nearfar");
rmSync(link, { force: true });
symlinkSync(root, link, "dir");

const { startServer } = await import("./server.mjs");
const server = await startServer();
const work = join(here, "node_modules", ".nearfar-work");
mkdirSync(work, { recursive: true });
try {
  const document = await (await fetch(`${server.url}/openapi.json`)).json();
  await validate(document);
  await callByGeneratedClient(document);
  await callFromExpress();
} finally {
  await server.close();
  rmSync(work, { recursive: true });
}

async function validate(document) {
  const { Validator } = await import("@seriousme/openapi-schema-validator");
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, "3.1");
  const parser = await import("@readme/openapi-parser");
  const judged = await parser.validate(structuredClone(document));
  assert.ok(judged.valid, JSON.stringify(judged.errors));
  const broken = structuredClone(document);
  delete broken.info.version;
  assert.ok(!(await new Validator().validate(broken)).valid, "a validator that accepts anything");
  console.log(`two validators: ${Object.keys(document.paths).length} paths are valid`);
}

/** openapi-fetch with the types that openapi-typescript makes, checked by TypeScript 5. */
async function callByGeneratedClient(document) {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const types = astToString(await openapiTS(structuredClone(document)));
  writeFileSync(join(work, "schema.d.ts"), types);
  await copyFile(join(here, "client.mts"), join(work, "client.mts"));
  const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
  const options = ["--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
  await run(process.execPath, [tsc, ...options, join(work, "client.mts")]);
  await run(process.execPath, [join(work, "client.mjs"), server.url]);
}

async function callFromExpress() {
  await copyFile(join(root, "examples", "express.mjs"), join(work, "express.mjs"));
  const { createApp } = await import(join(work, "express.mjs"));
  for (const options of [{ mode: "both" }, { mode: "http", baseUrl: server.url }]) {
    const listening = createApp(options).listen(0, "127.0.0.1");
    await once(listening, "listening");
    const base = `http://127.0.0.1:${listening.address().port}`;
    const answer = await fetch(`${base}/hash/${encodeURIComponent("Hello, World!")}`);
    const digest = "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";
    assert.equal(await answer.text(), digest);
    await new Promise((resolve) => listening.close(resolve));
    console.log(`express: hashed with mode ${options.mode}`);
  }
}

/** Not synchronously: the server is in this process. */
async function run(command, args) {
  const child = spawn(command, args, { cwd: here, stdio: "inherit" });
  const [status] = await once(child, "exit");
  assert.equal(status, 0, `${command} ${args[0]} failed`);
}
