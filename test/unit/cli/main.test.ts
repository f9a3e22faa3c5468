import { describe, expect, it } from "vitest";
import { packageVersion } from "../../../src/internal/version.js";
import { nearfar } from "./run.js";

describe("nearfar", () => {
  it("--help names every command, with examples and exit codes", async () => {
    const { status, stdout, stderr } = await nearfar(["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const command of ["bench", "serve", "call", "doctor"]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    }
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain("Exit codes:");
  });

  it.each(["bench", "serve", "call", "doctor"])("%s --help shows an example", async (command) => {
    const { status, stdout } = await nearfar([command, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain(`$ nearfar ${command}`);
  });

  it("--version prints the version of the package", async () => {
    const { status, stdout } = await nearfar(["--version"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${packageVersion}\n` });
  });

  it.each([
    { mistake: "no command", args: [], says: "Usage:" },
    { mistake: "an unknown command", args: ["benhc"], says: "Did you mean bench?" },
    { mistake: "an unknown option", args: ["doctor", "--jsn"], says: "--jsn" },
    { mistake: "a missing argument", args: ["call", "http://localhost"], says: "service" },
    { mistake: "too many arguments", args: ["doctor", "now"], says: "too many arguments" },
    { mistake: "a port out of range", args: ["serve", "--port", "65536"], says: "0 to 65535" },
    {
      mistake: "a seed that is no number",
      args: ["bench", "--seed", "x"],
      says: "0 to 4294967295",
    },
    {
      mistake: "a port beside a socket",
      args: ["serve", "--socket", "s", "--port", "1"],
      says: "cannot be used with",
    },
    { mistake: "an unknown requirement", args: ["doctor", "--require", "x"], says: "native" },
  ])("exits with 2 and no stack trace for $mistake", async ({ args, says }) => {
    const { status, stdout, stderr } = await nearfar(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
