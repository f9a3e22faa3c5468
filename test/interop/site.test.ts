import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

const command = join(repositoryRoot, "docs", "site", "main.mjs");
const folders: string[] = [];

/** What `npm run docs -- --check` says of a copy of all that the site is made of. */
function checkCopy(change: (root: string) => void): { status: number | null; stderr: string } {
  const root = mkdtempSync(join(tmpdir(), "nearfar-site-"));
  folders.push(root);
  const isTool = (path: string) => path.includes(join("docs", "site"));
  for (const source of ["docs", "examples", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"]) {
    const filter = (path: string) => !isTool(path.slice(repositoryRoot.length));
    cpSync(join(repositoryRoot, source), join(root, source), { recursive: true, filter });
  }
  cpSync(join(repositoryRoot, "native", "include"), join(root, "native", "include"), {
    recursive: true,
  });
  change(root);
  const { status, stderr } = spawnSync(process.execPath, [command, "--check", "--root", root], {
    encoding: "utf8",
  });
  return { status, stderr };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("the documentation site", () => {
  it("has every page in its sidebar, and no link that leads nowhere", () => {
    expect(checkCopy(() => undefined)).toEqual({ status: 0, stderr: "" });
  });

  it("is refused with a page that the sidebar does not have", () => {
    const answer = checkCopy((root) =>
      writeFileSync(join(root, "docs", "hidden.md"), "# Hidden\n"),
    );
    expect(answer).toEqual({
      status: 1,
      stderr: "docs/hidden.md: is not in the sidebar (docs/site/pages.mjs)\n",
    });
  });

  it("is refused with a page of the sidebar that is not there", () => {
    const answer = checkCopy((root) => rmSync(join(root, "docs", "safety.md")));
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain("docs/safety.md: is in the sidebar and not there\n");
  });

  it.each([
    ["[gone](gone.md)", "ffi.md: no page /gone.md"],
    ["[`gone`](structs.md#gone)", "ffi.md: structs.md has no heading #gone"],
    ["[gone](#gone)", "ffi.md: ffi.md has no heading #gone"],
    ["[source](../src/index.ts)", "docs/ffi.md: ../src/index.ts is not a page of the site"],
    [
      "![chart](https://example.com/chart.svg)",
      "ffi.md: https://example.com/chart.svg would be loaded from elsewhere",
    ],
  ])("is refused with %s", (link, problem) => {
    const answer = checkCopy((root) => appendFileSync(join(root, "docs", "ffi.md"), `\n${link}\n`));
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain(problem);
  });
});
