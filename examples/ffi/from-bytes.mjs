// A shared library from bytes: from an archive, a single executable, or, as here, read from a file.
//   node examples/ffi/from-bytes.mjs
import { readFileSync, rmSync } from "node:fs";
import { dlopen } from "nearfar/ffi";
import { compile } from "./support.mjs";

const path = compile("from-bytes.c");
const bytes = readFileSync(path);
rmSync(path); // nothing is loaded from there

const { lib, functions } = dlopen(bytes, { checksum: "uint32_t checksum(const char *text)" });
console.log(functions.checksum("Wikipedia").toString(16));
console.log(lib.path === path);
lib.close();
try {
  functions.checksum("closed");
} catch (error) {
  console.log(error.code);
}

try {
  dlopen(bytes.subarray(0, 100));
} catch (error) {
  console.log(error.code);
}
