// What runs JavaScript with musl on a machine that has glibc: Bun for Alpine, as npm has it. Of
// Alpine's packages it needs libstdc++, which is made of the toolchain's.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { muslCompiler, muslToolchain } from "./musl-toolchain.mjs";

const version = "1.4.5";

/** The program and the environment it needs, made in `folder` if need be. */
export function muslRuntime(folder, muslRoot) {
  const bun = installBun(folder);
  const libraries = join(folder, "lib");
  if (!existsSync(join(libraries, "libstdc++.so.6"))) {
    mkdirSync(libraries, { recursive: true });
    linkFor(bun, libraries, muslRoot);
  }
  return { program: bun, env: { LD_LIBRARY_PATH: libraries } };
}

/** npm sees glibc here, and would leave out what is for musl. */
function installBun(folder) {
  const program = join(folder, "node_modules", "@oven", "bun-linux-x64-musl", "bin", "bun");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const flags = ["--force", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
    const name = `@oven/bun-linux-x64-musl@${version}`;
    execFileSync("npm", ["install", ...flags, "--libc=musl", name], { cwd: folder, stdio: "pipe" });
  }
  return program;
}

/**
 * A shared library of what a program takes of C++'s: all of it would need an unwinder. What it has
 * a copy of, such as tables of types, counts as defined in it.
 */
function linkFor(program, folder, muslRoot) {
  const archive = join(muslToolchain(muslRoot).libraries, "libstdc++.a");
  const defined = new Set(namesOf(archive, "--defined-only"));
  const wanted = namesOf(program, "-D").filter((name) => defined.has(name));
  // Of a newer library, or of one that says why it ends the process: they end it.
  const missing = namesOf(program, "-D", "--undefined-only")
    .filter((name) => name.startsWith("_Z") && !defined.has(name))
    .map((name) => `void ${name}(void) { __builtin_trap(); }`);
  const [compiler, ...flags] = muslCompiler(muslRoot);
  const output = ["-o", join(folder, "libstdc++.so.6"), "-Wl,-soname,libstdc++.so.6"];
  const input = ["-x", "c", "-", "-x", "none", ...wanted.map((name) => `-Wl,-u,${name}`)];
  const link = ["-shared", "-fPIC", "-static-libgcc", ...output, ...input, "-lstdc++"];
  execFileSync(compiler, [...flags, ...link], { input: missing.join("\n") });
}

function namesOf(file, ...flags) {
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 };
  const text = execFileSync("nm", [...flags, "--format=just-symbols", file], options);
  return text.split("\n").map((name) => name.replace(/@.*/, ""));
}
