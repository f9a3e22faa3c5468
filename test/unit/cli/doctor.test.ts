import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../../src/cli/diagnosis.js";
import { requireEngine } from "../../../src/ffi/call/engine.js";
import { loadNative } from "../../../src/internal/loader.js";
import { nearfar, root } from "./run.js";

const off = { NEARFAR_NATIVE: "off" };
const wrongPath = { NEARFAR_NATIVE: join(root, "no-such-folder", "nearfar.node") };
const notABinary = { NEARFAR_NATIVE: join(root, "package.json") };

async function diagnose(env: Record<string, string> = {}): Promise<Diagnosis> {
  const { status, stdout } = await nearfar(["doctor", "--json"], { env });
  expect(status).toBe(0);
  return JSON.parse(stdout) as Diagnosis;
}

describe.runIf(loadNative().binding !== undefined)("nearfar doctor with a binary", () => {
  it("says where it was loaded from and what is in use", async () => {
    const { status, stdout, stderr } = await nearfar(["doctor"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(loadNative().path);
    expect(stdout).toContain(`${loadNative().binding?.abi} calling convention`);
    expect(stdout).toContain(requireEngine().crossing.reason);
    expect(stdout).toMatch(/^Crypto +native: OpenSSL \d/m);
    expect(stdout).toContain("All is well");
  });

  it("says when and why calls go by Node-API", async () => {
    const { stdout } = await nearfar(["doctor"], { env: { NEARFAR_FAST: "off" } });
    expect(stdout).toMatch(/crossing by Node-API.*switched off by NEARFAR_FAST=off/);
  });

  it("--json says the same to a program", async () => {
    const { node, platform, arch, native, crossing, crypto, advice } = await diagnose();
    expect({ node, platform, arch }).toEqual({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
    });
    expect(native).toMatchObject({ loaded: true, path: loadNative().path });
    expect({ crossing: crossing?.name, crypto: crypto.backend, advice }).toEqual({
      crossing: requireEngine().crossing.name,
      crypto: "native",
      advice: [],
    });
  });

  it("--require native is satisfied", async () => {
    expect(await nearfar(["doctor", "--require", "native"])).toMatchObject({ status: 0 });
  });
});

describe("nearfar doctor without a binary", () => {
  it.each([
    { reason: "switched off", env: off, advice: "Unset NEARFAR_NATIVE" },
    { reason: "a wrong path", env: wrongPath, advice: "Correct NEARFAR_NATIVE" },
    { reason: "a file that is no binary", env: notABinary, advice: "Correct NEARFAR_NATIVE" },
  ])("because of $reason says so and what to do", async ({ env, advice }) => {
    const { status, stdout, stderr } = await nearfar(["doctor"], { env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Binary +no native binary/m);
    expect(stdout).toContain("no native calls without a binary");
    expect(stdout).toMatch(/^Crypto +node: node:crypto, because no native binary is loaded/m);
    expect(stdout).toContain("What to do:");
    expect(stdout).toContain(advice);
  });

  it("lists every attempt with its problem", async () => {
    const { native } = await diagnose(wrongPath);
    expect(native).toMatchObject({ loaded: false, source: "none" });
    expect(native.attempts).toHaveLength(1);
    expect(native.attempts[0]?.path).toBe(wrongPath.NEARFAR_NATIVE);
    expect(native.attempts[0]?.problem).toContain("no-such-folder");
  });

  it("--require native exits with 1 and one line of reason", async () => {
    const { status, stderr } = await nearfar(["doctor", "--require", "native"], { env: off });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "nearfar: the native binary is required: " +
        "no native binary: switched off by NEARFAR_NATIVE=off\n",
    );
  });
});
