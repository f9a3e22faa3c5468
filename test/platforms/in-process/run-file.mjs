// Runs one test file in this process, and writes what came of each test to a file:
// `node run-file.mjs <test file> <results> [part of tests' names]`
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startTests } from "@vitest/runner";
import { beginAssertions, endAssertions } from "vitest";

const [file, results, pattern] = process.argv.slice(2);
/** Under an emulator everything takes ten times as long; a test that hangs is ended by main.mjs. */
const timeoutMs = 600_000;

const runner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: pattern === undefined ? undefined : new RegExp(pattern),
    allowOnly: false,
    sequence: { seed: 1, hooks: "stack", setupFiles: "list" },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  importFile: (path) => import(pathToFileURL(path).href),
  onBeforeTryTask: beginAssertions,
  onAfterTryTask: endAssertions,
};

const [{ tasks, result }] = await startTests([join(process.cwd(), file)], runner);
const tests = tasks.flatMap((task) => outcomesOf(task, []));
const errors = messagesOf(result);
writeFileSync(results, JSON.stringify({ tests, errors }));
// What a test left open is no reason to wait.
process.exit();

function outcomesOf(task, above) {
  const name = [...above, task.name];
  const own = { name: name.join(" > "), state: task.result?.state ?? task.mode };
  const inside = (task.tasks ?? []).flatMap((child) => outcomesOf(child, name));
  const errors = messagesOf(task.result);
  if (task.type === "test") return [{ ...own, errors }];
  return errors.length === 0 ? inside : [...inside, { ...own, errors }];
}

function messagesOf(result) {
  return (result?.errors ?? []).map(({ stack, message, diff }) => {
    const lines = (stack ?? message).split("\n");
    const own = lines.filter((line) => !/node_modules|new Promise|node:internal/.test(line));
    return [...own, ...(diff === undefined ? [] : [diff])].join("\n");
  });
}
