import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { backends, detached, rejectionOf } from "./backends.js";

const MiB = 1024 * 1024;
const large = new Uint8Array(5 * MiB + 13).map((_, index) => index * 31 + (index >> 8));

function expected(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** A resizable buffer, which the library types of ES2023 do not have yet. */
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };

describe.each(backends)("hashAsync, $name backend", ({ crypto }) => {
  it.each([0, 1, 64 * 1024, 64 * 1024 + 1, 256 * 1024, MiB + 1, large.length])(
    "%d bytes give the digest that hash gives",
    async (length) => {
      const data = large.subarray(0, length);
      const digest = expected(data);
      expect(await crypto.hashAsync("sha256", data)).toBe(digest);
      expect((await crypto.hashAsync("sha256", data, "buffer")).toString("hex")).toBe(digest);
      const options = { encoding: "base64" } as const;
      expect(await crypto.hashAsync("sha256", data, options)).toBe(
        Buffer.from(digest, "hex").toString("base64"),
      );
    },
  );

  it("takes every kind of data", async () => {
    const shared = new SharedArrayBuffer(large.length);
    new Uint8Array(shared).set(large);
    const resizable = new ResizableBuffer(MiB, { maxByteLength: 2 * MiB });
    new Uint8Array(resizable).set(large.subarray(0, MiB));
    const whole = expected(large);
    expect(await crypto.hashAsync("sha256", large.buffer)).toBe(whole);
    expect(await crypto.hashAsync("sha256", shared)).toBe(whole);
    expect(await crypto.hashAsync("sha256", new DataView(large.buffer, 13))).toBe(
      expected(large.subarray(13)),
    );
    expect(await crypto.hashAsync("sha256", resizable)).toBe(expected(large.subarray(0, MiB)));
    const text = "é😀x".repeat(300_000);
    expect(await crypto.hashAsync("sha256", text)).toBe(expected(text));
    expect(await crypto.hashAsync("sha256", `x${text}`)).toBe(expected(`x${text}`));
    expect(await crypto.hashAsync("sha256", "\ud83d".repeat(300_000))).toBe(
      expected("\ufffd".repeat(300_000)),
    );
  });

  it("many at a time do not mix", async () => {
    const inputs = Array.from({ length: 40 }, (_, index) => large.subarray(index, index + 300_000));
    const digests = await Promise.all(inputs.map((input) => crypto.hashAsync("sha256", input)));
    expect(digests).toEqual(inputs.map(expected));
  });

  it("lets other events have their turn", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await crypto.hashAsync("sha3-512", large);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it("refuses memory that is detached meanwhile, which stays readable until then", async () => {
    const data = large.slice();
    const running = crypto.hashAsync("sha256", data);
    detached(data);
    await expect(running).rejects.toThrow(
      "argument 2 (data) must not be detached or resized before the promise is settled",
    );
  });

  it.each(["shrinks", "grows"])("refuses a buffer that %s meanwhile", async (change) => {
    const buffer = new ResizableBuffer(2 * MiB, { maxByteLength: 4 * MiB });
    const running = crypto.hashAsync("sha256", new Uint8Array(buffer));
    buffer.resize(change === "grows" ? 3 * MiB : 100);
    await expect(running).rejects.toThrow("must not be detached or resized");
  });

  it("an aborted signal ends it", async () => {
    const reason = new Error("enough");
    await expect(
      crypto.hashAsync("sha256", large, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const running = crypto.hashAsync("sha256", large, { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it("is rejected for what hash refuses, in the same words", async () => {
    const rejections: [Promise<unknown>, string][] = [
      [crypto.hashAsync("md6", ""), 'got "md6"'],
      [crypto.hashAsync("sha256", 5 as never), "argument 2 (data) must be a string or bytes"],
      [crypto.hashAsync("sha256", "", "utf8" as never), "argument 3 (encoding) must be"],
      [
        crypto.hashAsync("sha256", "", { signal: {} as never }),
        "argument 3 (signal) must be an AbortSignal, got an object",
      ],
      [
        crypto.hashAsync("sha256", detached(new Uint8Array(9))),
        "argument 2 (data) must be bytes that are not detached",
      ],
      [
        crypto.hashAsync("sha256", "", { progress: 1 } as never),
        'has no option "progress"; known: encoding, outputLength, signal',
      ],
    ];
    for (const [promise, words] of rejections) {
      const error = await rejectionOf(promise);
      expect(error.name).toBe("TypeError");
      expect(error.message).toContain(words);
    }
  });
});
