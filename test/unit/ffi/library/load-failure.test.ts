import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../../src/ffi/index.js";
import { explainLoadFailure } from "../../../../src/ffi/library/load-failure.js";
import { currentLibc } from "../../../../src/internal/libc.js";
import { compileSource, fixtureLibrary } from "../../../support/compile.js";
import { makeWorkspace, messageOf } from "./workspace.js";

const workspace = makeWorkspace();
const isLinux = process.platform === "linux";
const failureOf = (path: string, options?: object) =>
  messageOf(() => new DynamicLibrary(path, options));

/** The loader's own words for a file that is not there. */
const cannotOpen = (name: string) =>
  currentLibc() === "musl"
    ? `Error loading shared library ${name}: No such file or directory`
    : `${name}: cannot open shared object file: No such file or directory`;

function write(name: string, content: string | Uint8Array): string {
  const path = join(workspace, name);
  writeFileSync(path, content);
  return path;
}

/** The fixture library with `e_machine` (System V gABI) of another processor. */
function forMachine(machine: number): Uint8Array {
  const image = Buffer.from(readFileSync(fixtureLibrary));
  image.writeUInt16LE(machine, 18);
  return image;
}

describe.runIf(isLinux)("a library that does not load", () => {
  it("names the library that it links and that is missing, and what to do", () => {
    const dependency = compileSource("gone", "int gone(void) { return 1; }", {
      directory: workspace,
    });
    const path = compileSource("needy", "extern int gone(void); int use(void) { return gone(); }", {
      directory: workspace,
      extraFlags: [`-L${workspace}`, "-lgone"],
    });
    rmSync(dependency);
    const message = failureOf(path);
    expect(message).toContain(`dlopen failed: ${cannotOpen("libgone.so")}`);
    expect(message).toContain(`${path} was found, but libgone.so`);
    expect(message).toContain("$ORIGIN");
    expect(message).toContain("LD_LIBRARY_PATH");
  });

  it("names the library in between that links the missing one", () => {
    const flags = (name: string) => [`-L${workspace}`, `-l${name}`, "-Wl,-rpath,$ORIGIN"];
    const compile = (name: string, source: string, extraFlags: readonly string[] = []) =>
      compileSource(name, source, { directory: workspace, extraFlags });
    const last = compile("lastone", "int last(void) { return 1; }");
    const middle = compile(
      "middle",
      "int last(void); int mid(void) { return last(); }",
      flags("lastone"),
    );
    const first = compile("first", "int mid(void); int use(void) { return mid(); }", [
      ...flags("middle"),
      `-Wl,-rpath-link,${workspace}`,
    ]);
    rmSync(last);
    expect(failureOf(first)).toContain(
      `${first} was found, but liblastone.so, which ${middle} links, was not: install`,
    );
    expect(failureOf(middle)).toContain(`${middle} was found, but liblastone.so, which it links`);
  });

  it("says which symbol no library has", () => {
    const path = compileSource(
      "unresolved",
      "extern int nowhere_at_all(void); int use(void) { return nowhere_at_all(); }",
      { directory: workspace },
    );
    for (const options of [{}, { binding: "now" }]) {
      expect(failureOf(path, options)).toContain(`${path} uses nowhere_at_all, which`);
    }
    using lazy = new DynamicLibrary(path, { binding: "lazy" });
    expect(lazy.getSymbol("use")).toBeTypeOf("bigint");
  });

  it("says which library in between uses it", () => {
    const source = "extern int nowhere_at_all(void); int mid2(void) { return nowhere_at_all(); }";
    const middle = compileSource("between", source, { directory: workspace });
    const path = compileSource("outer", "int mid2(void); int use2(void) { return mid2(); }", {
      directory: workspace,
      extraFlags: [
        `-L${workspace}`,
        "-lbetween",
        "-Wl,-rpath,$ORIGIN",
        "-Wl,--unresolved-symbols=ignore-in-shared-libs",
      ],
    });
    expect(failureOf(path)).toContain(`${middle} uses nowhere_at_all, which`);
  });

  it("says which processor a library is for", () => {
    const other =
      process.arch === "arm64" ? { number: 62, name: "x64" } : { number: 183, name: "arm64" };
    const path = write("libother.so", forMachine(other.number));
    expect(failureOf(path)).toContain(
      `${path} is built for ${other.name}, and this process is ${process.arch}`,
    );
    expect(failureOf(write("libriscv.so", forMachine(243)))).toContain("is built for riscv64");
    expect(failureOf(write("libodd.so", forMachine(9999)))).toContain("is built for machine 9999");
  });

  it("says what a file is that is no library", () => {
    expect(failureOf(write("notes.so", "Dear diary,\n".repeat(100)))).toContain(
      "notes.so is a text file, not a library",
    );
    expect(failureOf(write("empty.so", ""))).toContain("empty.so is empty");
    expect(failureOf(write("noise.so", Buffer.alloc(500, 0x81)))).toContain(
      "noise.so is not a shared library",
    );
    const windows = Buffer.alloc(512);
    windows.write("MZ");
    windows.writeUInt32LE(128, 60);
    windows.write("PE\0\0", 128);
    windows.writeUInt16LE(0x8664, 132);
    expect(failureOf(write("windows.dll", windows))).toContain(
      "windows.dll is a library for Windows (PE), not for this system",
    );
    const mac = Buffer.alloc(512);
    mac.writeUInt32LE(0xfeedfacf, 0);
    expect(failureOf(write("libmac.dylib", mac))).toContain("is a library for macOS (Mach-O)");
  });

  it("points from a linker's script to the library", () => {
    const script = "/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/libz.so.1 x )\n";
    expect(failureOf(write("libscript.so", script.padEnd(200)))).toContain(
      'is a linker\'s script, not a library: open "/lib/libz.so.1" instead',
    );
  });

  it("says so when the file is there but may not be read", () => {
    const path = write("secret.so", "x");
    chmodSync(path, 0);
    if (process.getuid?.() === 0) {
      const text = `${path}: cannot open shared object file: Permission denied`;
      expect(explainLoadFailure(path, text)).toContain(`may not read ${path}`);
    } else {
      expect(failureOf(path)).toContain(`may not read ${path}`);
    }
  });

  it("suggests names that the system has, and takes none of them by itself", () => {
    const message = failureOf("m");
    expect(message).toContain(`dlopen failed: ${cannotOpen("m")}`);
    expect(message).toMatch(/the system's directories have .*"libm\.so(\.6)?"/);
  });

  it("says that a library is not installed, and what to do", () => {
    expect(failureOf("libno-such-library-anywhere.so")).toMatch(
      /have nothing of that name: install the package that has it, or give its path$/,
    );
  });

  it("says where a relative path starts, where nothing is", () => {
    expect(failureOf("./absent.so")).toMatch(/starts at the working directory; .*relativeTo/);
  });

  it("says no more than the loader about an absolute path where nothing is", () => {
    const path = join(workspace, "absent.so");
    expect(failureOf(path)).toBe(`dlopen failed: ${cannotOpen(path)}`);
    const directory = join(workspace, "directory.so");
    mkdirSync(directory);
    expect(failureOf(directory)).toContain("dlopen failed: ");
  });
});

/** Texts of loaders that this machine does not have, as their sources and users show them. */
describe("the words of other loaders", () => {
  const path = fixtureLibrary;

  it.each([
    [
      `Error loading shared library libdep.so: No such file or directory (needed by ${path})`,
      "was found, but libdep.so, which it links, was not",
    ],
    [
      "Error loading shared library libdep.so: No such file or directory (needed by /lib/libb.so)",
      "was found, but libdep.so, which /lib/libb.so links, was not",
    ],
    [`Error loading shared library ${path}: Permission denied`, `may not read ${path}`],
    [
      `Error relocating ${path}: __fprintf_chk: symbol not found`,
      "built for glibc does not load on musl",
    ],
    [
      `libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory`,
      "is built for musl (Alpine)",
    ],
    [
      `/lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.99' not found (required by ${path})`,
      "a newer glibc than this system has (GLIBC_2.99)",
    ],
    [
      `/lib/libstdc++.so.6: version \`GLIBCXX_3.4.99' not found (required by ${path})`,
      "a newer libstdc++",
    ],
    [`/lib/libz.so.1: version \`ZLIB_9' not found (required by ${path})`, "/lib/libz.so.1"],
    [
      "/lib/libz.so.1: version `ZLIB_9' not found (required by /lib/libb.so)",
      "/lib/libb.so was built with another version of /lib/libz.so.1",
    ],
    [
      `${path}: failed to map segment from shared object: Operation not permitted`,
      "mounted with noexec",
    ],
    [`${path}: failed to map segment from shared object`, "mounted with noexec"],
    [
      `dlopen(${path}, 0x0001): Library not loaded: @rpath/libdep.dylib\n  Referenced from: <0A-1B> /lib/libb.dylib`,
      "was found, but @rpath/libdep.dylib, which /lib/libb.dylib links",
    ],
    [
      `dlopen(${path}, 0x0001): tried: '${path}' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`,
      "is built for another architecture",
    ],
    [`${path}: The specified module could not be found. (error 126)`, "was found, but a library"],
    [`${path}: The specified procedure could not be found. (error 127)`, "uses a symbol"],
    [`${path}: %1 is not a valid Win32 application. (error 193)`, "another architecture"],
    [
      `${path}: A dynamic link library (DLL) initialization routine failed. (error 1114)`,
      "DllMain",
    ],
    [`${path}: Access is denied. (error 5)`, "may not read"],
    [`${path}: cannot allocate memory in static TLS block`, "LD_PRELOAD"],
    [
      `${path}: cannot enable executable stack as shared object requires: Invalid argument`,
      "noexecstack",
    ],
  ])("explains %s", (text, meaning) => {
    expect(explainLoadFailure(path, text)).toContain(meaning);
  });

  it("adds nothing to words it does not know", () => {
    expect(explainLoadFailure(path, "the moon is in the wrong house")).toBe("");
  });
});
