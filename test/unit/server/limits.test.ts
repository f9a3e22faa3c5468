import { afterEach, describe, expect, it } from "vitest";
import { defineService, t } from "../../../src/index.js";
import { type CallLimits, createServer, type Server } from "../../../src/server/index.js";

/** Handlers that end when a test says so. */
const waiting: (() => void)[] = [];

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    wait: {
      parameters: [],
      result: t.string(),
      handler: () => new Promise<string>((resolve) => waiting.push(() => resolve("done"))),
    },
    now: { parameters: [], result: t.string(), handler: () => "now" },
    block: {
      parameters: [t.param("forMs", t.integer())],
      result: t.integer(),
      handler: (forMs) => {
        const endMs = performance.now() + forMs;
        while (performance.now() < endMs);
        return forMs;
      },
    },
  },
});

const servers: Server[] = [];
afterEach(async () => {
  for (const end of waiting.splice(0)) end();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(limits: CallLimits): Promise<string> {
  const server = createServer({ services: [Work], limits });
  servers.push(server);
  return (await server.listen()).url;
}

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly detail: string;
  readonly retryAfter: string | null;
}

async function call(url: string, method: string, args = "[]", signal?: AbortSignal) {
  const response = await fetch(`${url}/api/Work/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: args,
    ...(signal !== undefined && { signal }),
  });
  const { code, detail } = (await response.json()) as { code?: string; detail?: string };
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, code, detail: detail ?? "", retryAfter } satisfies Answer;
}

const begun = (count: number) => expect.poll(() => waiting.length).toBe(count);

describe("limits.concurrentCalls", () => {
  it("has further calls wait for their turn, in order", async () => {
    const url = await start({ concurrentCalls: 2 });
    const calls = [1, 2, 3, 4].map(() => call(url, "wait"));
    await begun(2);
    for (let count = 3; count <= 4; count++) {
      waiting.shift()?.();
      await begun(2);
    }
    for (const end of waiting.splice(0)) end();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it("refuses calls beyond the queue, saying when to come again", async () => {
    const url = await start({ concurrentCalls: 1, queuedCalls: 0 });
    const first = call(url, "wait");
    await begun(1);
    expect(await call(url, "now")).toEqual({
      status: 503,
      code: "UNAVAILABLE",
      detail: "the server is busy",
      retryAfter: "1",
    });
    waiting.shift()?.();
    expect((await first).status).toBe(200);
    expect((await call(url, "now")).status).toBe(200);
  });

  it("refuses calls that waited for too long", async () => {
    const url = await start({ concurrentCalls: 1, queueMs: 30 });
    const first = call(url, "wait");
    await begun(1);
    const { status, detail } = await call(url, "now");
    expect({ status, detail }).toEqual({
      status: 503,
      detail: "the server is busy: no turn within 30 ms",
    });
    waiting.shift()?.();
    await first;
  });

  it("gives the place of a caller that went, in the queue or in progress, to another", async () => {
    const url = await start({ concurrentCalls: 1, queuedCalls: 1 });
    const going = new AbortController();
    const gone = [call(url, "wait", "[]", going.signal).catch(() => "gone")];
    await begun(1);
    gone.push(call(url, "wait", "[]", going.signal).catch(() => "gone"));
    // The queue is full as soon as the second one is in it.
    await expect.poll(async () => (await call(url, "now")).status).toBe(503);
    going.abort();
    expect(await Promise.all(gone)).toEqual(["gone", "gone"]);
    await expect.poll(async () => (await call(url, "now")).status).toBe(200);
    expect(waiting).toHaveLength(1);
  });

  it("does not count what is no call", async () => {
    const url = await start({ concurrentCalls: 1, queuedCalls: 0 });
    const first = call(url, "wait");
    await begun(1);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    waiting.shift()?.();
    await first;
  });
});

describe("limits.callsPerSecond", () => {
  it("refuses a caller's further calls before they are begun", async () => {
    const url = await start({ callsPerSecond: 1, burst: 3 });
    const answers: Answer[] = [];
    for (let index = 0; index < 4; index++) answers.push(await call(url, "now"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]).toEqual({
      status: 429,
      code: "RESOURCE_EXHAUSTED",
      detail: "a caller may make 1 calls a second, and 3 at once",
      retryAfter: "1",
    });
  });

  it("lets it call again after a while", async () => {
    const url = await start({ callsPerSecond: 20, burst: 1 });
    expect((await call(url, "now")).status).toBe(200);
    await expect.poll(async () => (await call(url, "now")).status).toBe(200);
  });

  it("tells callers apart behind a proxy that is trusted", async () => {
    const server = createServer({
      services: [Work],
      limits: { callsPerSecond: 1 },
      trustProxy: ["127.0.0.1"],
    });
    servers.push(server);
    const { url } = await server.listen();
    const from = async (address: string): Promise<number> => {
      const headers = { "content-type": "application/json", "x-forwarded-for": address };
      const init = { method: "POST", headers, body: "[]" };
      return (await fetch(`${url}/api/Work/now`, init)).status;
    };
    expect(await from("192.0.2.1")).toBe(200);
    expect(await from("192.0.2.2")).toBe(200);
    expect(await from("192.0.2.1")).toBe(429);
  });
});

describe("limits.eventLoopDelayMs", () => {
  it("refuses calls while the event loop is late, and takes them again after that", async () => {
    const url = await start({ eventLoopDelayMs: 50 });
    expect((await call(url, "now")).status).toBe(200);
    const refused = expect.poll(async () => {
      await call(url, "block", "[300]");
      return call(url, "now");
    });
    await refused.toMatchObject({
      status: 503,
      code: "UNAVAILABLE",
      detail: expect.stringMatching(/^the server is overloaded: its event loop is \d+ ms late$/),
      retryAfter: "1",
    });
    await expect.poll(async () => (await call(url, "now")).status, { timeout: 5_000 }).toBe(200);
  });
});

it.each([
  [{ concurrentCalls: 0 }, "limits.concurrentCalls must be an integer from 1 to 1073741824, got 0"],
  [{ concurentCalls: 1 }, 'limits has no option "concurentCalls"'],
  [{ queueMs: 0.5 }, "limits.queueMs must be an integer from 1 to 2147483647, got 0.5"],
])("limits %j are refused", async (limits, message) => {
  const server = createServer({ services: [Work], limits: limits as CallLimits });
  await expect(server.listen()).rejects.toThrow(message);
});
