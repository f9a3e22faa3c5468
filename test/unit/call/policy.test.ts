import { afterEach, describe, expect, it } from "vitest";
import {
  createClient,
  defineService,
  type Interceptor,
  ServiceError,
  t,
} from "../../../src/index.js";
import { callContext, createServer, type ServerOptions } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";

let runs: string[] = [];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  runs = [];
  for (const close of closers.splice(0).reverse()) await close();
});

const Work = defineService({
  name: "Work",
  methods: {
    who: {
      parameters: [],
      result: t.string(),
      handler: () => callContext().caller?.id ?? "nobody",
    },
    add: {
      parameters: [t.param("key", t.string()), t.param("waitMs", t.optional(t.uint32()))],
      result: t.object({ run: t.integer(), bytes: t.bytes() }),
      handler: async (key, waitMs = 0) => {
        runs.push(key);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        if (key === "busy") throw new ServiceError("UNAVAILABLE", "busy");
        if (key === "bad") throw new ServiceError("OUT_OF_RANGE", "bad");
        return { run: runs.length, bytes: new Uint8Array([runs.length]) };
      },
    },
    watch: {
      parameters: [],
      result: t.stream(t.string()),
      handler: async function* () {
        yield callContext().caller?.id ?? "nobody";
      },
    },
    left: {
      parameters: [],
      result: t.array(t.union([t.string(), t.number()])),
      handler: () => {
        const { remainingMs = -1, headers } = callContext();
        return [remainingMs, String(headers.traceparent)];
      },
    },
  },
});

async function start(options: Partial<ServerOptions> = {}) {
  const server = createServer({ services: [Work], logger: { error: () => undefined }, ...options });
  const { url } = await server.listen();
  closers.push(() => server.close());
  return url;
}

function clientOf(baseUrl: string, options: object = {}) {
  const client = createClient(Work, { baseUrl, retries: 0, ...options });
  closers.push(() => client.$close());
  return client;
}

const identify: ServerOptions["identify"] = async ({ headers }) => {
  const { authorization } = headers;
  if (authorization === undefined) throw new ServiceError("UNAUTHENTICATED", "who are you?");
  return { id: String(authorization) };
};

describe("identify", () => {
  it.each(["http", "ws"])("tells handlers who calls, and refuses others: %s", async (scheme) => {
    const url = (await start({ identify })).replace("http", scheme);
    const client = clientOf(url);
    const known = client.$with({ headers: { authorization: "ada" } });
    expect(await known.who()).toBe("ada");
    expect((await known.watch().next()).value).toBe("ada");
    expect(await known.$batch((calls) => [calls.who(), calls.who()])).toEqual(
      Array(2).fill({ status: "fulfilled", value: "ada" }),
    );
    const refused = { code: "UNAUTHENTICATED", message: "who are you?" };
    expect(await failureOf(() => client.who())).toEqual(refused);
    expect(await failureOf(() => client.watch().next())).toEqual(refused);
    expect(await failureOf(() => client.$async.who())).toEqual(refused);
  });

  it("keeps the calls that nobody waits for from others", async () => {
    const url = await start({ identify });
    const ada = clientOf(url).$with({ headers: { authorization: "ada" } });
    const handle = await ada.$async.who();
    expect(await handle.result()).toBe("ada");
    const ask = (authorization: string) =>
      fetch(`${url}/api/Nearfar/status`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify([handle.id]),
      });
    expect(await (await ask("ada")).json()).toBe("OK");
    expect((await ask("bob")).status).toBe(404);
  });
});

describe("interceptors of a server", () => {
  it("stand around every call, the first outermost", async () => {
    const seen: string[] = [];
    const note =
      (name: string): Interceptor =>
      async (request, next) => {
        seen.push(`${name} > ${request.method}`);
        const response = await next(request);
        seen.push(`${name} < ${JSON.stringify(response.value)}`);
        return response;
      };
    const client = clientOf(await start({ interceptors: [note("a"), note("b")] }));
    expect(await client.who()).toBe("nobody");
    expect(seen).toEqual(["a > who", "b > who", 'b < "nobody"', 'a < "nobody"']);
  });

  it("may answer, refuse, and change arguments", async () => {
    const change: Interceptor = async (request, next) => {
      if (request.method === "who") return { value: "somebody", headers: {} };
      if (request.method === "watch") throw new ServiceError("PERMISSION_DENIED", "no");
      return next({ ...request, args: ["changed"] });
    };
    const client = clientOf(await start({ interceptors: [change] }));
    expect(await client.who()).toBe("somebody");
    expect((await failureOf(() => client.watch().next())).code).toBe("PERMISSION_DENIED");
    await client.add("original");
    expect(runs).toEqual(["changed"]);
  });
});

describe("an idempotency key", () => {
  it("gives a repeated call the same answer", async () => {
    const client = clientOf(await start());
    const keyed = client.$with({ idempotencyKey: "k1" });
    const [first, second] = await Promise.all([keyed.add("a", 20), keyed.add("a", 20)]);
    expect(first.run).toBe(1);
    expect(second).toEqual(first);
    expect((await keyed.add("a", 20)).run).toBe(1);
    expect((await client.$with({ idempotencyKey: "k2" }).add("a", 20)).run).toBe(2);
  });

  it("finishes a call whose caller has gone, for it to ask again", async () => {
    const client = clientOf(await start());
    const keyed = client.$with({ idempotencyKey: "k3" });
    expect((await failureOf(() => keyed.$with({ timeoutMs: 30 }).add("slow", 150))).code).toBe(
      "DEADLINE_EXCEEDED",
    );
    expect((await keyed.add("slow", 150)).run).toBe(1);
    expect(runs).toEqual(["slow"]);
  });

  it("is refused with other arguments", async () => {
    const keyed = clientOf(await start()).$with({ idempotencyKey: "k4" });
    await keyed.add("a");
    expect(await failureOf(() => keyed.add("b"))).toEqual({
      code: "INVALID_ARGUMENT",
      message: "the idempotency key was used for a call with other arguments",
    });
  });

  it("keeps errors too, but for those that say that nothing was done", async () => {
    const client = clientOf(await start());
    for (const [key, times] of [
      ["bad", 1],
      ["busy", 2],
    ] as const) {
      const keyed = client.$with({ idempotencyKey: key });
      await failureOf(() => keyed.add(key));
      await failureOf(() => keyed.add(key));
      expect(runs.filter((run) => run === key)).toHaveLength(times);
    }
  });

  it("begins a call that nobody waits for once, and holds in a batch", async () => {
    const keyed = clientOf(await start()).$with({ idempotencyKey: "k6" });
    const [first, second] = [await keyed.$async.add("a"), await keyed.$async.add("a")];
    expect(second.id).toBe(first.id);
    expect((await first.result()).run).toBe(1);
    expect(await first.status()).toBe("OK");
    const other = keyed.$with({ idempotencyKey: "k7" });
    const outcomes = await other.$batch((calls) => [calls.add("b"), calls.add("b")]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "fulfilled"]);
    expect(runs).toEqual(["a", "b"]);
  });

  it("belongs to its caller", async () => {
    const client = clientOf(await start({ identify }));
    const as = (authorization: string) =>
      client.$with({ idempotencyKey: "k5", headers: { authorization } });
    expect((await as("ada").add("a")).run).toBe(1);
    expect((await as("bob").add("a")).run).toBe(2);
    expect((await as("ada").add("a")).run).toBe(1);
  });
});

describe("the context of a call", () => {
  it("gives the calls of a handler what is left of its time, and its trace", async () => {
    const url = await start();
    const Front = defineService({
      name: "Front",
      methods: {
        ask: {
          parameters: [t.param("waitMs", t.uint32())],
          result: t.array(t.union([t.string(), t.number()])),
          handler: async (waitMs) => {
            const context = callContext();
            await new Promise((resolve) => setTimeout(resolve, waitMs));
            return clientOf(url).$with({ context }).left();
          },
        },
      },
    });
    const front = createServer({ services: [Front] });
    closers.push(() => front.close());
    const client = createClient(Front, { baseUrl: (await front.listen()).url });
    closers.push(() => client.$close());
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const call = client.$with({ timeoutMs: 2_000, headers: { traceparent } });
    const [left, trace] = await call.ask(100);
    expect(Number(left)).toBeLessThanOrEqual(1_901);
    expect(Number(left)).toBeGreaterThan(0);
    expect(trace).toBe(traceparent);
    const late = client.$with({ timeoutMs: 50 });
    expect((await failureOf(() => late.ask(60))).code).toBe("DEADLINE_EXCEEDED");
  });
});

describe("batching by itself", () => {
  it("sends the calls of one turn as one request", async () => {
    const paths: string[] = [];
    const server = createServer({ services: [Work] });
    server.app.addHook("onRequest", async ({ url }) => void paths.push(url));
    const { url } = await server.listen();
    closers.push(() => server.close());
    const client = clientOf(url, { batch: true });
    expect(await Promise.all([client.who(), client.who(), client.who()])).toEqual(
      Array(3).fill("nobody"),
    );
    await client.who();
    expect(paths).toEqual(["/api/Nearfar/batch", "/api/Work/who"]);
  });

  it("leaves a name to the server", () => {
    const Taken = defineService({
      name: "Nearfar",
      methods: { m: { parameters: [], result: t.null(), handler: () => null } },
    });
    const { app } = createServer({ services: [Taken] });
    return expect(app.ready()).rejects.toThrow('services has a "Nearfar", a name that is taken');
  });
});
