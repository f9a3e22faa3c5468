import { spawnSync } from "node:child_process";
import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCLibrary } from "../../src/cli/c-library.js";
import { builtLibrary } from "../../src/cli/compile.js";
import { dlopen, toString as readString } from "../../src/ffi/index.js";
import { repositoryRoot } from "../support/compile.js";

/**
 * The examples of the C ABI, each in its language, against node:crypto. A language that is not
 * installed is left out, except in CI, which installs all of them.
 */
const outputDirectory = join(repositoryRoot, "out", "c-abi");
mkdirSync(outputDirectory, { recursive: true });
const isInstalled = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args).status === 0;
const mayBeMissing = process.env.CI === undefined;

function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const options = {
    cwd: join(repositoryRoot, "examples", "c-abi"),
    encoding: "utf8",
    env: { ...process.env, ...env },
  } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

function expectedOutput(): string {
  const data = "Hello, World!";
  const pkcs8 = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.alloc(32, 1),
  ]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return [
    `hash ${createHash("sha256").update(data).digest("hex")}`,
    `hmac ${createHmac("sha512", "key").update(data).digest("hex")}`,
    `stream ${createHash("sha3-256").update(data).digest("hex")}`,
    `signature ${sign(null, Buffer.from(data), key).toString("hex")}`,
    "forged: the signature is not one of this data by this key",
    "",
  ].join("\n");
}

const hasLibrary = !mayBeMissing || existsSync(builtLibrary);

describe.runIf(hasLibrary)("the C ABI in other languages", () => {
  it.for([
    { language: "Python", command: "python3", file: "main.py", probe: ["-c", "import ctypes"] },
    { language: "Perl", command: "perl", file: "main.pl", probe: ["-MFFI::Platypus", "-e", "1"] },
    { language: "Ruby", command: "ruby", file: "main.rb", probe: ["-rfiddle", "-e", "1"] },
    {
      language: "PHP",
      command: "php",
      file: "main.php",
      probe: ["-r", "exit((int) !class_exists('FFI'));"],
    },
  ])("agrees with node:crypto in $language", ({ command, file, probe }, context) => {
    if (mayBeMissing && !isInstalled(command, probe)) context.skip();
    const outcome = run(command, [file, findCLibrary().library]);
    expect(outcome).toEqual({ status: 0, stdout: expectedOutput(), stderr: "" });
  });

  it.for([
    { language: "C99", command: "cc", flags: ["-std=c99", "-xc"], file: "main.c" },
    { language: "C++", command: "c++", flags: ["-std=c++17", "-xc++"], file: "main.cpp" },
  ])("agrees with node:crypto in $language, without a warning", (row, context) => {
    const { command, flags, file } = row;
    if (mayBeMissing && !isInstalled(command, ["--version"])) context.skip();
    const { cflags, libs } = findCLibrary();
    const program = join(outputDirectory, `${file}.out`);
    const warnings = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-Wstrict-prototypes"];
    const chosen = command === "cc" ? warnings : warnings.slice(0, -1);
    const compiled = run(command, [
      ...flags,
      ...chosen,
      file,
      "-xnone",
      ...cflags,
      ...libs,
      "-o",
      program,
    ]);
    expect(compiled).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(program, [])).toEqual({ status: 0, stdout: expectedOutput(), stderr: "" });
  });

  it("agrees with node:crypto in Rust", (context) => {
    if (mayBeMissing && !isInstalled("rustc", ["--version"])) context.skip();
    const program = join(outputDirectory, "main.rs.out");
    const linkArguments = `link-args=${findCLibrary().libs.join(" ")}`;
    const compiled = run("rustc", ["main.rs", "-o", program, "-C", linkArguments]);
    expect(compiled).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(program, [])).toEqual({ status: 0, stdout: expectedOutput(), stderr: "" });
  });

  it("uses Node's own OpenSSL when it is loaded into Node", () => {
    const { lib, functions } = dlopen(findCLibrary().library, {
      nearfar_crypto_library: "int nearfar_crypto_library(void *text)",
    });
    const text = new BigUint64Array(1);
    expect(functions.nearfar_crypto_library(text)).toBe(0);
    expect(readString(text[0] ?? 0n)).toContain(process.versions.openssl);
    lib.close();
  });
});

describe.runIf(hasLibrary && process.platform === "linux")("the shared library", () => {
  const inspect = (command: string, args: readonly string[]): string =>
    run(command, [...args, findCLibrary().library]).stdout;

  it("exports the functions of its header and nothing else", () => {
    const { header } = findCLibrary();
    const declared = run("cc", ["-E", "-P", header]).stdout;
    const names = new Set(Array.from(declared.matchAll(/\b(nearfar_\w+)\(/g), ([, name]) => name));
    const exported = Array.from(
      inspect("nm", ["-D", "--defined-only"]).matchAll(/ T (\w+)/g),
      ([, name]) => name,
    );
    expect(names.size).toBeGreaterThan(20);
    expect(exported.sort()).toEqual([...names].sort());
  });

  it("has a versioned name, needs the C library only and has no executable stack", () => {
    const dynamic = inspect("readelf", ["-d"]);
    expect(dynamic).toContain("soname: [libnearfar.so.1]");
    const needed = Array.from(dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g), ([, name]) => name ?? "");
    expect(needed.filter((name) => !/^(libc|libdl|libpthread|ld-)/.test(name))).toEqual([]);
    expect(inspect("readelf", ["-lW"])).toMatch(/GNU_STACK.* RW +0x/);
  });

  it("says what it looked for where there is no OpenSSL 3", () => {
    const program = join(outputDirectory, "main.c.out");
    const directory = join(outputDirectory, "without-openssl");
    mkdirSync(directory, { recursive: true });
    const source = join(directory, "other.c");
    writeFileSync(source, "int nothing(void) { return 0; }\n");
    for (const name of ["libcrypto.so.3", "libcrypto.so.4"]) {
      run("cc", ["-shared", "-fPIC", source, "-o", join(directory, name)]);
    }
    const { status, stderr } = run(program, [], { LD_LIBRARY_PATH: directory });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "nearfar: no OpenSSL 3 was found; nearfar_crypto_library says why\n",
    });
  });
});
