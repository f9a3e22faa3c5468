import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choosePrebuildFor } from "../../../src/internal/prebuild.js";

const directory = mkdtempSync(join(tmpdir(), "nearfar-prebuilds-"));
const shipped = [
  "README.md",
  "linux-x64/manifest.glibc.json",
  "linux-x64/nearfar.glibc.node",
  "linux-x64/nearfar.musl.node",
  "linux-x64/libnearfar.so.1",
  "linux-x64/libnearfar.musl.so.1",
  "linux-x64/nearfar-helper",
  "linux-arm64/nearfar.glibc.node",
  "win32-x64/nearfar.node",
  "darwin-x64+arm64/nearfar.node",
  "openbsd-x64/README",
  "linux-loong64/nearfar.node",
  "linux-loong64/nearfar.musl.node",
  "linux-s390x/nearfar.napi.glibc.node",
  "linux-s390x/nearfar.node",
  "linux-ppc64/nearfar.node",
  "linux-ppc64+riscv/nearfar.glibc.node",
];

beforeAll(() => {
  for (const file of shipped) {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("choosePrebuildFor takes the one binary that fits", () => {
  it.each([
    ["linux", "x64", "glibc", "linux-x64/nearfar.glibc.node"],
    ["linux", "x64", "musl", "linux-x64/nearfar.musl.node"],
    ["linux", "arm64", "glibc", "linux-arm64/nearfar.glibc.node"],
    ["win32", "x64", undefined, "win32-x64/nearfar.node"],
    ["darwin", "arm64", undefined, "darwin-x64+arm64/nearfar.node"],
    ["linux", "loong64", "musl", "linux-loong64/nearfar.musl.node"],
    ["linux", "loong64", "glibc", "linux-loong64/nearfar.node"],
    ["linux", "s390x", "glibc", "linux-s390x/nearfar.napi.glibc.node"],
    ["linux", "ppc64", "glibc", "linux-ppc64/nearfar.node"],
    ["linux", "riscv", "glibc", "linux-ppc64+riscv/nearfar.glibc.node"],
  ] as const)("%s-%s %s", (platform, arch, libc, expected) => {
    const choice = choosePrebuildFor({ platform, arch, libc }, directory);
    expect(choice).toEqual({ path: join(directory, expected), problem: undefined });
  });
});

describe("choosePrebuildFor says why none fits", () => {
  it.each([
    ["linux", "arm64", "musl", "needs glibc, and this process runs on musl"],
    ["linux", "riscv64", "glibc", "no prebuild for linux-riscv64"],
    ["win32", "arm64", undefined, "no prebuild for win32-arm64"],
    ["openbsd", "x64", undefined, "no prebuild for openbsd-x64"],
    ["freebsd", "x64", undefined, "no prebuild for freebsd-x64"],
  ] as const)("%s-%s %s", (platform, arch, libc, problem) => {
    const choice = choosePrebuildFor({ platform, arch, libc }, directory);
    expect(choice.path).toBeUndefined();
    expect(choice.problem).toContain(problem);
  });

  it("where there are no prebuilds at all", () => {
    const host = { platform: "linux", arch: "x64", libc: "glibc" } as const;
    expect(choosePrebuildFor(host, join(directory, "absent")).problem).toContain("linux-x64");
  });
});
