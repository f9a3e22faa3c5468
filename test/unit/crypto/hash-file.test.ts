import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backends, rejectionOf } from "./backends.js";

const MiB = 1024 * 1024;
const noise = Buffer.alloc(65 * MiB + 5).map((_, index) => index * 31 + (index >> 9));
let directory = "";
let large = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nearfar-"));
  large = join(directory, "large");
  writeFileSync(large, noise);
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, data: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, data);
  return path;
}

const expected = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

describe.each(backends)("hashFile, $name backend", ({ crypto }) => {
  it.each([0, 1, 13, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3 * MiB, 32 * MiB, 64 * MiB])(
    "a file of %d bytes",
    async (length) => {
      const path = write("sized", noise.subarray(0, length));
      const digest = expected(noise.subarray(0, length));
      expect(await crypto.hashFile("sha256", path)).toBe(digest);
      expect((await crypto.hashFile("sha256", path, "buffer")).toString("hex")).toBe(digest);
    },
  );

  it("takes paths of every kind, encodings and lengths", async () => {
    const path = write("ünïcode", "abc");
    for (const form of [path, Buffer.from(path), pathToFileURL(path)]) {
      expect(await crypto.hashFile("sha256", form, { encoding: "base64" })).toBe(
        crypto.hash("sha256", "abc", "base64"),
      );
    }
    expect(await crypto.hashFile("shake128", path, { outputLength: 99 })).toBe(
      crypto.hash("shake128", "abc", { outputLength: 99 }),
    );
  });

  it("says how far it is, to the end", async () => {
    const reports: { bytes: number; total: number }[] = [];
    const digest = await crypto.hashFile("sha256", large, {
      onProgress: (progress) => reports.push(progress),
    });
    expect(digest).toBe(expected(noise));
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.every(({ total }) => total === noise.length)).toBe(true);
    const bytes = reports.map((report) => report.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.at(-1)).toBe(noise.length);
  });

  it("an aborted signal ends it, before and meanwhile", async () => {
    const reason = new Error("enough");
    await expect(
      crypto.hashFile("sha256", large, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const running = crypto.hashFile("sha256", large, {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  it("what onProgress throws ends it", async () => {
    const thrown = new Error("mine");
    const onProgress = () => {
      throw thrown;
    };
    await expect(crypto.hashFile("sha256", large, { onProgress })).rejects.toBe(thrown);
  });

  it("is rejected with Node's own errors", async () => {
    const missing = await rejectionOf(crypto.hashFile("sha256", join(directory, "missing")));
    expect(missing).toMatchObject({ code: "ENOENT", syscall: "open" });
    const folder = await rejectionOf(crypto.hashFile("sha256", directory));
    expect(folder).toMatchObject({ code: "EISDIR" });
    const number = await rejectionOf(crypto.hashFile("sha256", 5 as never));
    expect(number).toMatchObject({ code: "ERR_INVALID_ARG_TYPE" });
  });

  it.skipIf(process.platform === "win32")("hashes files of an unknown length", async () => {
    expect(await crypto.hashFile("sha256", "/dev/null")).toBe(expected(""));
    const version = await crypto.hashFile("sha256", "/proc/version").catch(() => undefined);
    if (process.platform === "linux") expect(version).toMatch(/^[0-9a-f]{64}$/);
    const pipe = join(directory, `pipe-${crypto.backend}`);
    spawnSync("mkfifo", [pipe]);
    const [digest] = await Promise.all([
      crypto.hashFile("sha256", pipe),
      import("node:fs/promises").then((fs) => fs.writeFile(pipe, noise.subarray(0, 3_000_000))),
    ]);
    expect(digest).toBe(expected(noise.subarray(0, 3_000_000)));
  });

  it("many files at a time do not mix", async () => {
    const paths = Array.from({ length: 20 }, (_, index) =>
      write(`file-${index}`, noise.subarray(index, index + 700_000)),
    );
    const digests = await Promise.all(paths.map((path) => crypto.hashFile("sha256", path)));
    expect(digests).toEqual(
      paths.map((_, index) => expected(noise.subarray(index, index + 700_000))),
    );
  });

  it("refuses options that it does not have", async () => {
    const options = { progress: () => undefined } as never;
    expect((await rejectionOf(crypto.hashFile("sha256", large, options))).message).toContain(
      'has no option "progress"; known: encoding, outputLength, signal, onProgress',
    );
    const notFunction = { onProgress: 5 as never };
    expect((await rejectionOf(crypto.hashFile("sha256", large, notFunction))).message).toContain(
      "argument 3 (onProgress) must be a function, got 5",
    );
  });
});
