import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

/**
 * Every `js` and `ts` block of the README and of docs/ is a program of its own: it runs, and its
 * output equals what its `// → ` comments say, in order. A `→ ...` at the end of a comment stands
 * for any text. Blocks in other languages are not programs of ours.
 */
const outputDirectory = join(repositoryRoot, "out", "docs");
rmSync(outputDirectory, { recursive: true, force: true });
mkdirSync(outputDirectory, { recursive: true });

const pages = [
  "README.md",
  ...readdirSync(join(repositoryRoot, "docs")).map((name) => `docs/${name}`),
]
  .filter((page) => page.endsWith(".md"))
  .map((page) => ({ page, blocks: codeBlocks(readFileSync(join(repositoryRoot, page), "utf8")) }))
  .filter(({ blocks }) => blocks.length > 0);

interface Block {
  readonly line: number;
  readonly language: "js" | "ts";
  readonly code: string;
}

function codeBlocks(text: string): Block[] {
  return Array.from(text.matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm), (match) => ({
    line: text.slice(0, match.index).split("\n").length,
    language: match[1] as "js" | "ts",
    code: match[2] ?? "",
  }));
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { cwd: repositoryRoot, encoding: "utf8" });
}

/** TypeScript blocks are compiled as a user's strict project would be. */
function compileTypeScript(file: string): string {
  const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck"];
  const tsc = join(repositoryRoot, "node_modules", "typescript", "bin", "tsc");
  const compiled = run(process.execPath, [
    tsc,
    ...options,
    "--types",
    "node",
    file,
    "--ignoreConfig",
  ]);
  expect(compiled.stdout).toBe("");
  return file.replace(/\.mts$/, ".mjs");
}

function expectedLines(code: string): string[] {
  return Array.from(code.matchAll(/\/\/ → (.*)$/gm), (match) => match[1] ?? "");
}

function matches(line: string, expected: string): boolean {
  return expected.endsWith("...") ? line.startsWith(expected.slice(0, -3)) : line === expected;
}

describe.each(pages)("$page", ({ page, blocks }) => {
  it.each(blocks)("the program at line $line runs and prints what it says", (block) => {
    const name = `${page.replace(/\W/g, "-")}-${block.line}`;
    const source = join(outputDirectory, `${name}.${block.language === "ts" ? "mts" : "mjs"}`);
    writeFileSync(source, block.code);
    const program = block.language === "ts" ? compileTypeScript(source) : source;
    const { stdout, stderr, status } = run(process.execPath, [program]);
    expect({ status, stderr }, relative(repositoryRoot, program)).toEqual({
      status: 0,
      stderr: "",
    });
    const lines = stdout.split("\n").slice(0, -1);
    const expected = expectedLines(block.code);
    expect(lines).toHaveLength(expected.length);
    for (const [index, line] of lines.entries()) {
      expect(matches(line, expected[index] ?? ""), `line ${index + 1}: ${line}`).toBe(true);
    }
  });
});
