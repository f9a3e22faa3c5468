import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, runNode } from "./run.js";

let project: string;

/** The package as npm installs it into a project that has no fastify. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "nearfar-installed-"));
  const installed = join(project, "node_modules", "nearfar");
  mkdirSync(installed, { recursive: true });
  for (const part of ["package.json", "dist"]) {
    cpSync(join(root, part), join(installed, part), { recursive: true });
  }
  for (const dependency of ["commander", "node-gyp-build", "typebox", "undici", "cockatiel"]) {
    const target = join(root, "node_modules", dependency);
    symlinkSync(target, join(project, "node_modules", dependency), "junction");
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("nearfar in a project without fastify", () => {
  it.each([["serve"], ["bench", "--quick"]])("%s names the package to install", async (...args) => {
    const cli = join(project, "node_modules", "nearfar", "dist", "cli", "main.js");
    const { status, stdout, stderr } = await runNode([cli, ...args], { cwd: project });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^nearfar: .*npm install fastify@5\n$/);
  });

  it("doctor works", async () => {
    const cli = join(project, "node_modules", "nearfar", "dist", "cli", "main.js");
    expect(await runNode([cli, "doctor"], { cwd: project })).toMatchObject({ status: 0 });
  });
});
