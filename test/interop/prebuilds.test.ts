import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

const scripts = join(repositoryRoot, ".ci", "prebuild");
const current = execFileSync(
  process.execPath,
  [
    ...["--input-type=module", "-e"],
    'import { sourcesHash } from "./manifest.mjs"; process.stdout.write(sourcesHash());',
  ],
  { cwd: scripts, encoding: "utf8" },
);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nearfar-prebuilds-"));
  describeBinary({ sources: current, content: "what was built" });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A prebuild of one file, with a manifest that describes it. */
function describeBinary({ sources = "", content = "" }) {
  const target = join(folder, "linux-x64");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "nearfar-helper.glibc"), "what was built", { mode: 0o755 });
  const sha256 = createHash("sha256").update(content).digest("hex");
  const files = [{ name: "nearfar-helper.glibc", sha256 }];
  writeFileSync(join(target, "manifest.glibc.json"), JSON.stringify({ sources, files }));
}

function check(...required: readonly string[]) {
  const args = [join(scripts, "check.mjs"), "--folder", folder, ...required];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

describe("the check of prebuilds", () => {
  it("passes what was built from these sources", () => {
    expect(check()).toMatchObject({ status: 0, stdout: "prebuilds: linux-x64\n", stderr: "" });
  });

  it("refuses what was built from others, and says how to build it again", () => {
    describeBinary({ sources: "0".repeat(64), content: "what was built" });
    const { status, stderr } = check();
    expect(status).toBe(1);
    expect(stderr).toContain("linux-x64/manifest.glibc.json: the binaries were built from other");
    expect(stderr).toContain("npm run prebuild -- --target linux-x64");
  });

  it("names the target for musl, whose binaries lie beside those for glibc", () => {
    const manifest = { sources: "0".repeat(64), libc: "musl", files: [] };
    writeFileSync(join(folder, "linux-x64", "manifest.musl.json"), JSON.stringify(manifest));
    const { status, stderr } = check();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "prebuilds/linux-x64/manifest.musl.json: the binaries were built from other sources; " +
        "build it again: npm run prebuild -- --target linux-x64-musl\n",
    });
  });

  it("refuses another file than was built, and one that no manifest knows", () => {
    describeBinary({ sources: current, content: "something else" });
    writeFileSync(join(folder, "linux-x64", "nearfar.glibc.node"), "");
    const { status, stderr } = check();
    expect(status).toBe(1);
    expect(stderr).toContain("linux-x64/nearfar-helper.glibc: another file than built");
    expect(stderr).toContain("linux-x64/nearfar.glibc.node: no manifest describes it");
  });

  it.skipIf(process.platform === "win32")("refuses a helper that cannot be started", () => {
    chmodSync(join(folder, "linux-x64", "nearfar-helper.glibc"), 0o644);
    expect(check()).toMatchObject({
      status: 1,
      stderr: "prebuilds/linux-x64/nearfar-helper.glibc: is not executable\n",
    });
  });

  it("names the targets that have to be there and are not", () => {
    expect(check("linux-x64/glibc").status).toBe(0);
    const { status, stderr } = check("linux-x64/musl", "win32-x64");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "prebuilds/linux-x64/manifest.musl.json: is not there\n" +
        "prebuilds/win32-x64/manifest.json: is not there\n",
    );
  });
});
