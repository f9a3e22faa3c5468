// What the examples of this folder share: they load a library of the system or compile one, and
// where that is not possible they end with one line that says what is missing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DynamicLibrary, suffix } from "nearfar/ffi";

/** EX_UNAVAILABLE of sysexits.h: tells "not installed here" from "failed". */
const UNAVAILABLE = 69;

/**
 * Loads a library by its name on this platform (`names` is by `process.platform`). `packageName` is
 * Debian's package with it.
 */
export function openLibrary(names, packageName, options) {
  const name = names[process.platform] ?? names.linux;
  try {
    return new DynamicLibrary(name, options);
  } catch (error) {
    if (error.code !== "ERR_FFI_CALL_FAILED") throw error;
    return unavailable(`${name} cannot be loaded; Debian has it in ${packageName}`);
  }
}

/** Compiles a C file that lies beside the examples and gives the shared library's path. */
export function compile(file, flags = []) {
  const directory = mkdtempSync(join(tmpdir(), "nearfar-example-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const library = join(directory, `${file}.${suffix}`);
  const source = fileURLToPath(new URL(file, import.meta.url));
  const compiler = process.env.CC ?? "cc";
  const args = ["-shared", "-fPIC", "-O2", "-o", library, source, ...flags];
  const { error, status, stderr } = spawnSync(compiler, args, { encoding: "utf8" });
  if (error?.code === "ENOENT") {
    return unavailable(`${file} needs a C compiler, and there is no ${compiler}; Debian: gcc`);
  }
  if (error) throw error;
  if (status !== 0) throw new Error(`${file} does not compile:\n${stderr}`);
  return library;
}

function unavailable(reason) {
  console.error(reason);
  process.exit(UNAVAILABLE);
}
