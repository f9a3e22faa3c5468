import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  currentLibc,
  glibcVersion,
  interpreterOf,
  libcOfLoader,
} from "../../../src/internal/libc.js";
import { runProgram } from "../../support/child.js";
import { writeProgram } from "../../support/elf.js";

const directory = mkdtempSync(join(tmpdir(), "nearfar-libc-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function program(loader: string, options: { type?: number; bytes?: number } = {}): string {
  const path = join(directory, `program-${Math.random()}`);
  writeProgram(path, loader, options);
  return path;
}

describe("interpreterOf", () => {
  it("reads the loader that a program asks for", () => {
    expect(interpreterOf(program("/lib/ld-musl-x86_64.so.1"))).toBe("/lib/ld-musl-x86_64.so.1");
  });

  it.each([
    ["has none", () => program("/lib/ld.so", { type: 1 })],
    ["is cut short within its headers", () => program("/lib/ld.so", { bytes: 100 })],
    ["is cut short before the name", () => program("/lib/ld.so", { bytes: 513 })],
    ["is not there", () => join(directory, "absent")],
    ["is no ELF file", () => join(import.meta.dirname, "libc.test.ts")],
  ])("gives nothing for a program that %s", (_, path) => {
    expect(interpreterOf(path())).toBeUndefined();
  });
});

describe("libcOfLoader", () => {
  it.each([
    ["/lib/ld-musl-x86_64.so.1", "musl"],
    ["/lib/ld-musl-aarch64.so.1", "musl"],
    ["/lib64/ld-linux-x86-64.so.2", "glibc"],
    ["/nix/store/ld-musl-like-path/lib/ld-linux-x86-64.so.2", "glibc"],
  ])("%s is that of %s", (loader, libc) => {
    expect(libcOfLoader(loader)).toBe(libc);
  });
});

describe.runIf(process.platform === "linux")("currentLibc", () => {
  it("agrees with the process's own report", () => {
    expect(currentLibc()).toBe(glibcVersion() === undefined ? "musl" : "glibc");
  });

  it("finds out where the program itself may not be read", () => {
    const flag =
      Number(process.versions.node.split(".")[0]) < 23
        ? "--experimental-permission"
        : "--permission";
    const text = `
      const { backend } = await import("./dist/crypto/index.js");
      console.log(backend);`;
    const flags = [flag, `--allow-fs-read=${process.cwd()}/*`, "--no-warnings"];
    expect(runProgram(text, { flags })).toMatchObject({ status: 0, stdout: "node\n" });
  });
});

describe.skipIf(process.platform === "linux")("currentLibc elsewhere", () => {
  it("is no question", () => expect(currentLibc()).toBeUndefined());
});
