// Checksums of files as sha256sum prints them, with progress on a terminal. Control-C ends it.
//   node examples/crypto/checksum.mjs [--algorithm=sha512] FILE...
import { parseArgs } from "node:util";
import { hashFile } from "nearfar/crypto";

const { values, positionals } = parseArgs({
  options: { algorithm: { type: "string", default: "sha256" } },
  allowPositionals: true,
});
const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new Error("interrupted")));

function showProgress(path, { bytes, total }) {
  if (!process.stderr.isTTY || total === 0) return;
  const percent = Math.floor((bytes / total) * 100);
  process.stderr.write(`\r${path} ${percent}%${bytes === total ? "\r\x1b[K" : ""}`);
}

for (const path of positionals) {
  try {
    const digest = await hashFile(values.algorithm, path, {
      signal: controller.signal,
      onProgress: (progress) => showProgress(path, progress),
    });
    console.log(`${digest}  ${path}`);
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    process.exitCode = 1;
    if (controller.signal.aborted) break;
  }
}
