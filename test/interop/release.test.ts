import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageVersion } from "../../src/internal/version.js";
import { repositoryRoot } from "../support/compile.js";

const carriers = ["package.json", "package-lock.json", "src/internal/version.ts", "CHANGELOG.md"];
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nearfar-release-"));
  mkdirSync(join(root, "src", "internal"), { recursive: true });
  for (const file of carriers) cpSync(join(repositoryRoot, file), join(root, file));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function release(version: string) {
  const script = join(repositoryRoot, ".ci", "release.mjs");
  const args = [script, "--root", root, "--date", "2030-01-02", version];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("a release", () => {
  it("puts the version everywhere and dates the changelog", () => {
    expect(release("7.8.9")).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(read("package.json")).version).toBe("7.8.9");
    const lock = JSON.parse(read("package-lock.json"));
    expect([lock.version, lock.packages[""].version]).toEqual(["7.8.9", "7.8.9"]);
    expect(read("src/internal/version.ts")).toContain('packageVersion = "7.8.9"');
    expect(read("CHANGELOG.md")).toContain("## 7.8.9 (2030-01-02)");
    expect(read("CHANGELOG.md")).not.toContain("nreleased");
  });

  it("refuses what is no version, and a second time", () => {
    expect(release("seven")).toMatchObject({ status: 1 });
    expect(release("7.8.9").status).toBe(0);
    expect(release("7.8.9").stderr).toContain("no section that is unreleased");
  });
});

describe("the version", () => {
  it("is the same in package.json and in the sources", () => {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
    expect(packageVersion).toBe(manifest.version);
  });
});
