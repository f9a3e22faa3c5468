import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

let directory = "";
let path = "";
const content = "what is up, doc?";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nearfar-"));
  path = join(directory, "file");
  writeFileSync(path, content);
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(name: string, args: readonly string[], native = "") {
  const program = join("examples", "crypto", name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: repositoryRoot,
    encoding: "utf8",
    env: { ...process.env, NEARFAR_NATIVE: native },
  });
  return { status, stdout, stderr };
}

describe.each([
  ["with native code", ""],
  ["without native code", "off"],
])("%s", (_title, native) => {
  it("git-object-id.mjs prints the ids that git gives", () => {
    const { stdout, stderr, status } = run("git-object-id.mjs", [path], native);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    const [sha1, sha256, name] = stdout.trimEnd().split(" ");
    // The id in the book "Pro Git", chapter 10.2.
    expect(sha1).toBe("bd9dbf5aae1a3862dd1526723246b20206e5fc37");
    expect(sha1).toBe(execFileSync("git", ["hash-object", path], { encoding: "utf8" }).trim());
    expect(sha256).toBe(createHash("sha256").update(`blob 16\0${content}`).digest("hex"));
    expect(name).toBe(path);
  });

  it("integrity.mjs prints an integrity attribute, which the content matches", () => {
    const { stdout, stderr, status } = run("integrity.mjs", [path], native);
    const digest = createHash("sha384").update(content).digest("base64");
    expect({ stdout, stderr, status }).toEqual({
      stdout: `sha384-${digest} true false\n`,
      stderr: "",
      status: 0,
    });
  });

  it("checksum.mjs prints what sha256sum prints, and fails for what is not there", () => {
    const sum = createHash("sha256").update(content).digest("hex");
    expect(run("checksum.mjs", [path], native)).toEqual({
      stdout: `${sum}  ${path}\n`,
      stderr: "",
      status: 0,
    });
    const missing = join(directory, "missing");
    const failed = run("checksum.mjs", ["--algorithm=sha512", missing, path], native);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("ENOENT");
    expect(failed.stdout).toContain(createHash("sha512").update(content).digest("hex"));
  });
});
