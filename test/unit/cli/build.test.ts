import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Outcome, root, runNode } from "./run.js";

let project: string;
let installed: string;

/** The package as npm installs it, without a prebuild: no binding.gyp, no binary. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "nearfar-build-"));
  installed = join(project, "node_modules", "nearfar");
  mkdirSync(installed, { recursive: true });
  for (const part of ["package.json", "native", "dist"]) {
    cpSync(join(root, part), join(installed, part), { recursive: true });
  }
  for (const dependency of ["node-gyp-build", "node-gyp"]) {
    const target = join(root, "node_modules", dependency);
    symlinkSync(target, join(project, "node_modules", dependency), "junction");
  }
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function build(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const script = join(installed, "dist", "cli", "build.js");
  return runNode([script, ...args], { cwd: project, env: { npm_lifecycle_event: "", ...env } });
}

const binary = () => join(installed, "build", "Release", "nearfar.node");

/** Environments in which nothing can be compiled, and what is said to be missing. */
const lacking = [
  ["a C++ compiler", { CXX: "/nonexistent/g++" }],
  ["Python 3", { NODE_GYP_FORCE_PYTHON: "/nonexistent/python3" }],
] as const;

describe.skipIf(process.platform === "win32")("nearfar-build where a tool is missing", () => {
  it.each(lacking)(
    "--if-needed, without %s, says so in one line and succeeds",
    async (tool, env) => {
      const { status, stdout, stderr } = await build(["--if-needed"], env);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout.trimEnd().split("\n")).toHaveLength(1);
      expect(stdout).toContain(`${tool} was not found`);
      expect(stdout).toContain("Everything still works without it");
      expect(stdout).toContain("npx nearfar-build");
    },
  );

  it.each(lacking)("as a command, without %s, fails and shows the log's end", async (tool, env) => {
    const { status, stdout, stderr } = await build([], env);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("gyp ERR!");
    expect(stderr.trimEnd().split("\n").at(-1)).toContain(`${tool} was not found`);
  });

  it("does not fail an installation that runs it as its own script", async () => {
    const env = { CXX: "/nonexistent/g++", npm_lifecycle_event: "postinstall" };
    expect(await build([], env)).toMatchObject({ status: 0, stderr: "" });
  });

  it("leaves no binding.gyp behind", async () => {
    await build([], { CXX: "/nonexistent/g++" });
    expect(existsSync(join(installed, "binding.gyp"))).toBe(false);
  });
});

const compiler = spawnSync(process.env.CXX ?? "c++", ["--version"]);
/** It has no part in what is tested, and half of the time. */
const withoutOptimisation = process.platform === "win32" ? {} : { CXXFLAGS: "-O0" };

describe("nearfar-build", () => {
  // It takes as long as the compiler does.
  it.runIf(compiler.status === 0)(
    "compiles a binary that loads, and then finds nothing to do, nor beside a prebuild",
    { timeout: 0 },
    async () => {
      const first = await build(["--if-needed"], withoutOptimisation);
      expect(first).toMatchObject({ status: 0, stderr: "" });
      expect(first.stdout).toContain("compiled");
      expect(existsSync(join(installed, "binding.gyp"))).toBe(false);
      const { mtimeMs } = statSync(binary());

      const second = await build(["--if-needed"]);
      expect(second).toEqual({ status: 0, stdout: "", stderr: "" });
      expect(statSync(binary()).mtimeMs).toBe(mtimeMs);
    },
  );

  it("refuses an option it does not know, in one line", async () => {
    const { status, stderr } = await build(["--if-neded"]);
    expect(status).toBe(2);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain("--if-neded");
  });

  it("explains itself", async () => {
    const { status, stdout } = await build(["--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain("Exit codes:");
  });
});
