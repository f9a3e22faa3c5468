import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf } from "../client/servers.js";
import { type Connection, WAYS } from "./ways.js";

const ITEMS = Number(process.env.NEARFAR_CONTRACT_ITEMS ?? 50_000);

async function collect<T>(stream: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of stream) into.push(item);
  return into;
}

describe.each(WAYS)("a stream, $name", ({ connect }) => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect();
  });
  afterEach(() => connection.close());

  describe("from the server", () => {
    it("gives its items in order, and ends", async () => {
      expect(await collect(connection.client.count(5))).toEqual([1, 2, 3, 4, 5]);
      expect(await collect(connection.client.count(0))).toEqual([]);
    });

    it("gives what came before an error, then the error", async () => {
      const items: number[] = [];
      const failure = await failureOf(() => collect(connection.client.count(5, 3), items));
      expect(failure).toEqual({ code: "ABORTED", message: "enough" });
      expect(items).toEqual([1, 2, 3]);
    });

    it("fails at once for arguments that do not fit", async () => {
      const count = connection.client.count as unknown as (n: string) => AsyncIterable<number>;
      expect(await failureOf(() => collect(count("x")))).toEqual({
        code: "INVALID_ARGUMENT",
        message:
          "argument 1 (n) must be an integer from 0 to 4294967295, got a string of 1 character",
      });
    });

    it("ends its handler when the caller leaves the loop", async () => {
      const { client, journal } = connection;
      for await (const tick of client.ticks()) {
        expect(tick).toBe("tick");
        break;
      }
      await journal.until("ticks ended");
      expect(journal.entries).toEqual(["ticks aborted", "ticks ended"]);
    });

    it("ends its handler when the caller returns while it waits for an item", async () => {
      const { client, journal } = connection;
      const stream = client.silence();
      const next = stream.next();
      await journal.until("silence began");
      await stream.return?.();
      expect(await next).toEqual({ done: true, value: undefined });
      await journal.until("silence aborted");
    });

    it("ends with the caller's signal", async () => {
      const { client, journal } = connection;
      const controller = new AbortController();
      const call = collect(client.$with({ signal: controller.signal }).silence());
      await journal.until("silence began");
      controller.abort();
      expect((await failureOf(() => call)).code).toBe("CANCELLED");
      await journal.until("silence aborted");
    });

    it("ends at its deadline", async () => {
      const { client, journal } = connection;
      expect(await failureOf(() => collect(client.$with({ timeoutMs: 100 }).silence()))).toEqual({
        code: "DEADLINE_EXCEEDED",
        message: "no answer within 100 ms",
      });
      await journal.until("silence aborted");
    });

    it("does not begin before it is read", async () => {
      const { client, journal } = connection;
      client.silence();
      await sleep(20);
      expect(journal.entries).toEqual([]);
    });

    it("goes on after the item that the caller has had", async () => {
      expect(await collect(connection.client.resume(3))).toEqual([1, 2, 3]);
    });

    it(`gives ${ITEMS} items to a reader that pauses`, async () => {
      let expected = 0;
      for await (const item of connection.client.count(ITEMS)) {
        if (item !== ++expected) throw new Error(`item ${expected} was ${item}`);
        if (item % 10_000 === 0) await sleep(5);
      }
      expect(expected).toBe(ITEMS);
    });

    it("does not run far ahead of a reader that stops", async () => {
      const { client, journal } = connection;
      const stream = client.count(100_000_000);
      for (let i = 0; i < 3; i++) await stream.next();
      await sleep(100);
      await stream.return?.();
      const ended = (): string | undefined =>
        journal.entries.find((entry) => entry.startsWith("count ended at "));
      while (ended() === undefined) await sleep(5);
      // What lies in the buffers of sockets: a megabyte or two, of 20 bytes an item.
      expect(Number(ended()?.slice("count ended at ".length))).toBeLessThan(1_000_000);
    });
  });

  describe("from the client", () => {
    it("arrives whole, from any iterable", async () => {
      const { client } = connection;
      async function* numbers() {
        for (let n = 1n; n <= 100n; n++) yield n;
      }
      expect(await client.sum(0n, numbers())).toBe(5050n);
      expect(await client.sum(5n, [])).toBe(5n);
      expect(await client.sum(0n, new Set([1n, 2n]))).toBe(3n);
    });

    it("ends the caller's iterable when the handler has enough", async () => {
      const { client } = connection;
      let isReturned = false;
      async function* words() {
        try {
          for (;;) {
            yield "word";
            await sleep(1);
          }
        } finally {
          isReturned = true;
        }
      }
      expect(await client.take(2, words())).toEqual(["word", "word"]);
      while (!isReturned) await sleep(5);
    });

    it("gives the caller what its own iterable throws", async () => {
      const own = new Error("my own");
      async function* numbers() {
        yield 1n;
        throw own;
      }
      await expect(connection.client.sum(0n, numbers())).rejects.toBe(own);
    });

    it("is refused with the item that does not fit", async () => {
      const numbers = [1n, "x"] as unknown as bigint[];
      expect(await failureOf(() => connection.client.sum(0n, numbers))).toEqual({
        code: "INVALID_ARGUMENT",
        message: expect.stringMatching(
          /^item 2 \(numbers\) must be an integer from .* got a string of 1 character$/,
        ),
      });
    });

    it("is refused where it is no iterable", async () => {
      const sum = connection.client.sum as (start: bigint, numbers: unknown) => Promise<bigint>;
      expect(await failureOf(() => sum(0n, 5))).toEqual({
        code: "INVALID_ARGUMENT",
        message: "argument 2 (numbers) must be an async iterable or an iterable, got 5",
      });
    });
  });

  describe("in both directions", () => {
    it("answers each item before the next is sent", async () => {
      const { client } = connection;
      const heard: string[] = [];
      async function* lines() {
        for (let i = 1; i <= 3; i++) {
          yield `line ${i}`;
          while (heard.length < i) await sleep(1);
        }
      }
      for await (const line of client.chat("Ada", lines())) heard.push(line);
      expect(heard).toEqual(["Ada: line 1", "Ada: line 2", "Ada: line 3"]);
    });

    it("ends when the handler returns", async () => {
      const { client } = connection;
      async function* lines() {
        yield "hello";
        yield "bye";
        await new Promise(() => undefined);
      }
      expect(await collect(client.chat("Ada", lines()))).toEqual(["Ada: hello"]);
    });

    it("fails with the handler's error", async () => {
      const heard: string[] = [];
      const failure = await failureOf(() =>
        collect(connection.client.chat("Ada", ["hello", "fail"]), heard),
      );
      expect(failure).toEqual({ code: "DATA_LOSS", message: "no more" });
      expect(heard).toEqual(["Ada: hello"]);
    });

    it("ends both sides when the caller leaves the loop", async () => {
      const { client, journal } = connection;
      let isReturned = false;
      async function* lines() {
        try {
          for (;;) {
            yield "line";
            await sleep(1);
          }
        } finally {
          isReturned = true;
        }
      }
      for await (const _ of client.chat("Ada", lines())) break;
      await journal.until("chat ended");
      while (!isReturned) await sleep(5);
    });
  });
});
