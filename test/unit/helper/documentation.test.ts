import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../support/compile.js";
import { HelperProcess } from "./helper-client.js";

/** What ends the handles of the page; those of a process have another. */
const DOCUMENTED_SUFFIX = "-1f2e3d";

const page = readFileSync(join(repositoryRoot, "docs", "helper-protocol.md"), "utf8");
const exchanges = Array.from(page.matchAll(/^```exchange\n([\s\S]*?)^```$/gm), ([, text = ""]) =>
  text.trimEnd().split("\n"),
);

test("the page has exchanges", () => expect(exchanges.length).toBeGreaterThan(2));

test.each(exchanges)("the exchange that begins with %s", async (...lines) => {
  const helper = new HelperProcess();
  let suffix = DOCUMENTED_SUFFIX;
  for (const line of lines) {
    const text = line.slice(2);
    if (line.startsWith("> ")) {
      helper.write(`${text.replaceAll(DOCUMENTED_SUFFIX, suffix)}\n`);
      continue;
    }
    const answer = (await helper.readText()) ?? "";
    suffix = /"[hms]\d+(-[0-9a-f]{6})"/.exec(answer)?.[1] ?? suffix;
    expect(answer.replaceAll(suffix, DOCUMENTED_SUFFIX)).toBe(text);
  }
  expect(await helper.close()).toBe(0);
});

test("the page names every option of the helper that it explains, and every error code", () => {
  for (const word of ["--server", "--socket", "--compat", "--max-line", "--threads"]) {
    expect(page).toContain(word);
  }
  const codes = readFileSync(join(repositoryRoot, "native", "helper", "failure.cpp"), "utf8");
  const names = new Set(codes.match(/ERR_\w+/g));
  expect(names.size).toBe(15);
  for (const name of names) expect(page).toContain(`\`${name}\``);
});
