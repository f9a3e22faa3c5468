// Run by smoke.mjs in a folder that is the package: calls by every way there is, and digests and
// signatures of the binary beside node:crypto's. It has to load as a prebuild. Its argument is the C
// library in that folder.
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { backend, hash, sign, verify } from "./dist/crypto/index.js";
import { cdef, dlopen } from "./dist/ffi/index.js";

function check(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

const library = process.platform === "win32" ? "msvcrt.dll" : null;
const header = cdef(`
  typedef struct { int quot, rem; } div_t;
  div_t div(int numerator, int denominator);
  int abs(int value);
  double atof(const char *text);
  void qsort(void *base, size_t count, size_t size, int (*compare)(const int *, const int *));
`);
const { functions: c } = dlopen(library, header);

check(c.abs(-5) === 5, "an integer");
check(c.atof("2.5") === 2.5, "a string and a double");
check(c.div(17, 5).rem === 2, "a struct by value");
check((await c.div.async(17, 5)).quot === 3, "a call on the thread pool");
check(c.abs.map([new Int32Array([-1, 2])]).join() === "1,2", "a vector of calls");
let calls = 0;
const compare = () => {
  calls++;
  return 0;
};
c.qsort(new Int32Array([3, 1, 2]), 3, 4, compare);
check(calls > 1, "a callback");

// Bun has no libcrypto: there it is node:crypto that serves.
const expected = process.versions.bun === undefined ? "native" : "node";
check(backend === expected, `crypto is ${expected}, and not ${backend}`);
const digest = createHash("sha256").update("text").digest("hex");
check(hash("sha256", "text") === digest, "a digest");
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
check(verify(publicKey, "text", sign(privateKey, "text")), "a signature");

const { functions: abi } = dlopen(
  resolve(process.argv[2]),
  cdef("const char *nearfar_version(void);"),
);
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
check(abi.nearfar_version() === manifest.version, "the C library's version");

const { platform, arch, version, versions } = process;
const runtime = versions.bun === undefined ? `Node ${version}` : `Bun ${versions.bun} for musl`;
console.log(`works on ${platform}-${arch}, ${runtime}`);
