import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

const dist = join(repositoryRoot, "dist");
const IMPORTS = /(?:\bfrom |^import )['"]([^'"]+)['"]/gm;

/**
 * Every file that importing a built module loads, itself included, and the name of every package.
 */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, target = ""] of readFileSync(file, "utf8").matchAll(IMPORTS)) {
    if (target.startsWith(".")) loadedBy(resolve(dirname(file), target), seen);
    else if (!target.startsWith("node:")) seen.add(target);
  }
  return seen;
}

/** The modules that a file of dist loads besides itself, and the packages. */
function partsOf(file: string): string[] {
  const entry = join(dist, file);
  const files = [...loadedBy(entry)].filter((file) => file !== entry);
  return files.map((file) => basename(file, ".js")).sort();
}

describe("importing", () => {
  it("nearfar/ffi loads the call engine alone", () => {
    expect(partsOf("ffi/index.js")).toEqual(["base", "ffi"]);
  });

  it("nearfar/crypto loads itself alone", () => {
    expect(partsOf("crypto/index.js")).toEqual(["base"]);
  });

  it("nearfar loads neither the server nor Fastify", () => {
    const parts = partsOf("index.js");
    expect(parts).toContain("client");
    expect(parts).not.toContain("server");
    expect(parts).not.toContain("fastify");
  });

  it("the command starts without what its subcommands need", () => {
    expect(partsOf("cli/main.js")).toEqual(["base", "commander", "failure"]);
  });
});
