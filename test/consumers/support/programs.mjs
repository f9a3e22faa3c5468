// Programs of consumers, and what they print.
import assert from "node:assert/strict";

const body = `
const { functions } = dlopen(null, { labs: "long labs(long)" });
const client = createClient(CryptoService, { mode: backend === "native" ? "ffi" : "both", baseUrl: "http://127.0.0.1:9" });
const digest = hash("sha256", "Hello, World!").slice(0, 8);
const { route } = client.$routes.hash_data;
const result = JSON.stringify([backend, String(functions.labs(-5)), digest, route]);`;

export const esm = `
import { createClient } from "nearfar";
import { backend, hash } from "nearfar/crypto";
import { dlopen } from "nearfar/ffi";
import { CryptoService } from "nearfar/services";
${body}
console.log(result);
`;

export const commonjs = `
const { createClient } = require("nearfar");
const { backend, hash } = require("nearfar/crypto");
const { dlopen } = require("nearfar/ffi");
const { CryptoService } = require("nearfar/services");
${body}
console.log(result);
`;

const native = '["native","5","dffd6021","near"]';

/** That native code ran, everywhere in what a program printed. */
export function expectNative(output, times = 1) {
  assert.deepEqual(output.trim().split("\n"), Array(times).fill(native));
}

/** That calls were native and crypto was not: Bun and Deno have no OpenSSL that can be used. */
export function expectNativeCalls(output) {
  assert.equal(output.trim(), '["node","5","dffd6021","far"]');
}

/** Isolated calls, where the event loop has nothing to tell of helpers by. */
export const isolated = `
import { dlopen } from "nearfar/ffi";
try {
  dlopen(null, { abs: "int abs(int)" }, { isolate: true }).functions.abs.sync(-5);
} catch (error) { console.log(error.code, error.message.split(":")[0]); }
`;

export function expectIsolationRefused(output, runtime) {
  const reason = `isolated calls need Node.js, this is ${runtime}`;
  assert.equal(output.trim(), `ERR_ISOLATE_UNAVAILABLE ${reason}`);
}

/** Says of each part what works; needs nothing native. */
export const report = `
import { createClient } from "nearfar";
import { backend, hash } from "nearfar/crypto";
import { dlopen } from "nearfar/ffi";
import { createServer } from "nearfar/server";
import { CryptoService } from "nearfar/services";
const server = createServer({ services: [CryptoService] });
const client = createClient(CryptoService, { baseUrl: (await server.listen()).url });
const far = (await client.hash_data("Hello, World!")).slice(0, 8);
const { route } = client.$routes.hash_data;
let ffi = "works";
try { dlopen(null); } catch (error) { ffi = error.code + ": " + error.message; }
console.log(JSON.stringify({ backend, digest: hash("sha256", "Hello, World!").slice(0, 8), far, route, ffi }));
await client.$close();
await server.close();
`;

/** That everything works by node:crypto and HTTP, and that ffi says why it does not. */
export function expectWithout(output, reason) {
  const { ffi, ...rest } = JSON.parse(output);
  assert.deepEqual(rest, { backend: "node", digest: "dffd6021", far: "dffd6021", route: "far" });
  assert.match(ffi, /^ERR_NATIVE_UNAVAILABLE: no native binary: /);
  assert.match(ffi, reason);
}
