import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { type ClientOptions, createClient, defineService, t } from "../../../src/index.js";
import { answering, closeLater, freePort, startHttp } from "./foreign.js";
import { failureOf } from "./servers.js";

const Where = defineService({
  name: "Where",
  api: "http",
  methods: { am_i: { parameters: [], result: t.string() } },
});

/** Servers that answer with their names. */
function start(...names: string[]): Promise<string[]> {
  return Promise.all(names.map((name) => startHttp(answering(name))));
}

function clientOf(baseUrl: readonly string[], options: ClientOptions = {}) {
  const client = createClient(Where, { baseUrl, ...options });
  closeLater(() => client.$close());
  return client;
}

async function ask(client: ReturnType<typeof clientOf>, times: number): Promise<string[]> {
  const answers: string[] = [];
  for (let index = 0; index < times; index++) answers.push(await client.am_i());
  return answers;
}

function count(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

describe("several addresses", () => {
  it("get calls in turn", async () => {
    const client = clientOf(await start("a", "b", "c"));
    expect(count(await ask(client, 9))).toEqual({ a: 3, b: 3, c: 3 });
  });

  it("with least-pending: one that is busy gets no more while another is free", async () => {
    const waiting: ServerResponse[] = [];
    const busy = await startHttp((_, response) => void waiting.push(response));
    const [free = ""] = await start("free");
    const client = clientOf([busy, free], { balance: "least-pending" });
    // One of two calls at once goes to each.
    const two = [client.am_i(), client.am_i()];
    expect(await Promise.race(two)).toBe("free");
    expect(count(await ask(client, 8))).toEqual({ free: 8 });
    for (const response of waiting) answering("busy")(response.req, response as never);
    expect(await Promise.all(two)).toContain("busy");
  });

  it("with sticky: calls of one key go to one address, and keys are spread", async () => {
    const client = clientOf(await start("a", "b", "c"), { balance: "sticky" });
    const homes = new Set<string>();
    for (let key = 0; key < 24; key++) {
      const answers = await ask(client.$with({ stickyKey: `customer ${key}` }), 3);
      expect(new Set(answers).size).toBe(1);
      homes.add(answers[0] ?? "");
    }
    expect([...homes].sort()).toEqual(["a", "b", "c"]);
  });

  it("with sticky: only the keys of an address that is gone move", async () => {
    const [a = "", b = ""] = await start("a", "b");
    const gone = `http://127.0.0.1:${await freePort()}`;
    const homes = async (baseUrl: string[]): Promise<string[]> => {
      const client = clientOf(baseUrl, { balance: "sticky" });
      const keys = Array.from({ length: 16 }, (_, key) => `key ${key}`);
      const answers: string[] = [];
      for (const stickyKey of keys) answers.push(await client.$with({ stickyKey }).am_i());
      return answers;
    };
    const before = await homes([a, b]);
    const after = await homes([a, b, gone]);
    expect(after.sort()).toEqual(before.sort());
  });

  it("that fail are passed over, and calls that never left go elsewhere", async () => {
    const [alive = ""] = await start("alive");
    const gone = `http://127.0.0.1:${await freePort()}`;
    const client = clientOf([gone, alive]);
    expect(count(await ask(client, 20))).toEqual({ alive: 20 });
  });

  it("that come back get calls again", async () => {
    const port = await freePort();
    const [alive = ""] = await start("alive");
    const client = clientOf([`http://127.0.0.1:${port}`, alive]);
    await ask(client, 4);
    await startHttp(answering("back"), port);
    await expect.poll(() => client.am_i(), { timeout: 10_000 }).toBe("back");
  });

  it("are all named where none can be reached", async () => {
    const gone = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
    const failure = await failureOf(() => clientOf(gone, { retries: 0 }).am_i());
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toMatch(/cannot reach http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  it("are refused when there is none, one twice, or one that is none", () => {
    const create = (baseUrl: string[]) => () => createClient(Where, { baseUrl });
    expect(create([])).toThrow("baseUrl must be a list of 1 to 1024 addresses, got 0");
    expect(create(["http://a", "http://a"])).toThrow('baseUrl has "http://a" twice');
    expect(create(["http://a", "ftp://b"])).toThrow(/or a list of such, got "ftp:\/\/b"/);
  });
});
