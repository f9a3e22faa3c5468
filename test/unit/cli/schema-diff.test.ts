import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineService, t } from "../../../src/index.js";
import { nearfar } from "./run.js";

let directory: string;

const write = (name: string, value: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const shop = (version: string, maxLength: number) =>
  defineService({
    name: "Shop",
    version,
    methods: { get: { parameters: [t.param("key", t.string({ maxLength }))], result: t.null() } },
  });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nearfar-diff-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const diff = (...args: string[]) => nearfar(["schema", "diff", ...args]);

describe("nearfar schema diff", () => {
  it("tells the changes of a service, and asks for the version that they need", async () => {
    const [old, next] = [write("1.json", shop("1.2.3", 9)), write("2.json", shop("1.3.0", 5))];
    const stdout = "breaks   get(key)  maxLength was 9, is 5\na major change\n";
    const stderr = "nearfar: version must be 2.0.0 or later, got 1.3.0: a major change\n";
    expect(await diff(old, next)).toEqual({ status: 1, stdout, stderr });
    const risen = write("3.json", shop("2.0.0", 5));
    expect(await diff(old, risen)).toEqual({ status: 0, stdout, stderr: "" });
  });

  it("compares schemas, as JSON too", async () => {
    const [old, next] = [write("old.json", t.uint8()), write("new.json", t.uint16())];
    const { status, stdout } = await diff("--json", old, next);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ needs: "minor", changes: [{ isBreaking: false }] });
    expect((await diff(next, old)).status).toBe(1);
    expect((await diff("--strict", old, next)).status).toBe(1);
  });

  it("refuses what cannot be compared", async () => {
    const schema = write("schema.json", t.uint8());
    const service = write("service.json", shop("1.0.0", 5));
    expect(await diff(schema, service)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("both be schemas"),
    });
    expect(await diff(schema, join(directory, "none.json"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("none.json cannot be read"),
    });
  });
});
