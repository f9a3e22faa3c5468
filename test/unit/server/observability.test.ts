import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { createClient, defineService, ServiceError, t } from "../../../src/index.js";
import {
  createServer,
  nearfarPlugin,
  type Server,
  type ServerOptions,
} from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";

const Work = defineService({
  name: "Work",
  version: "2.1.0",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
    abort: {
      parameters: [],
      result: t.null(),
      handler: () => {
        throw new ServiceError("ABORTED", "no");
      },
    },
    crash: {
      parameters: [],
      result: t.null(),
      handler: () => {
        throw new Error("a secret of the handler");
      },
    },
    count: {
      parameters: [],
      result: t.stream(t.uint32()),
      handler: async function* () {
        for (let i = 1; ; i++) yield i;
      },
    },
  },
});

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions>): Promise<string> {
  const server = createServer({ services: [Work], ...options });
  servers.push(server);
  return (await server.listen()).url;
}

function post(url: string, path: string, body = "[]", headers = {}): Promise<Response> {
  const type = { "content-type": "application/json" };
  return fetch(url + path, { method: "POST", headers: { ...type, ...headers }, body });
}

describe("/metrics", () => {
  it("counts calls by method and code, and what is unknown under one name", async () => {
    const url = await start({ metrics: true });
    await post(url, "/api/Work/echo", '["x"]');
    await post(url, "/api/Work/echo", "[5]");
    await post(url, "/api/Work/abort");
    await post(url, "/api/Work/made-up-1");
    await post(url, "/api/Nothing/made-up-2");
    await fetch(`${url}/readyz`);
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const lines = text.split("\n").filter((line) => line.startsWith("nearfar_calls_total{"));
    expect(lines.sort()).toEqual([
      'nearfar_calls_total{service="",method="",transport="http",code="NOT_FOUND"} 2',
      'nearfar_calls_total{service="Work",method="abort",transport="http",code="ABORTED"} 1',
      'nearfar_calls_total{service="Work",method="echo",transport="http",code="INVALID_ARGUMENT"} 1',
      'nearfar_calls_total{service="Work",method="echo",transport="http",code="OK"} 1',
    ]);
    expect(text).toContain(
      'nearfar_call_duration_seconds_count{service="Work",method="echo",transport="http"} 2',
    );
    expect(text).toContain(
      'nearfar_calls_in_flight{service="Work",method="echo",transport="http"} 0',
    );
    expect(text).toMatch(/process_resident_memory_bytes \d+/);
  });

  it("is not there unless it is asked for", async () => {
    expect((await fetch(`${await start({})}/metrics`)).status).toBe(404);
  });

  it("stands in an application under the plugin's prefix", async () => {
    const app = Fastify();
    await app.register(nearfarPlugin, { services: [Work], metrics: true, prefix: "/v1" });
    const headers = { "content-type": "application/json" };
    await app.inject({ method: "POST", url: "/v1/api/Work/echo?x", headers, payload: '["x"]' });
    const { body } = await app.inject("/v1/metrics");
    expect(body).toContain(
      'nearfar_calls_total{service="Work",method="echo",transport="http",code="OK"} 1',
    );
    expect((await app.inject("/metrics")).statusCode).toBe(404);
    await app.close();
  });
});

describe("a request's id", () => {
  it("is the caller's, if it can stand in a log", async () => {
    const url = await start({});
    const own = await post(url, "/api/Work/echo", '["x"]', { "x-request-id": "caller-7" });
    expect(own.headers.get("x-request-id")).toBe("caller-7");
    const long = await post(url, "/api/Work/echo", '["x"]', { "x-request-id": "x".repeat(200) });
    expect(long.headers.get("x-request-id")).toMatch(/^[\w-]{12,40}$/);
  });

  it("is made up and different each time, and comes with errors too", async () => {
    const url = await start({});
    const responses = [await post(url, "/api/Work/abort"), await fetch(`${url}/nowhere`)];
    const ids = responses.map(({ headers }) => headers.get("x-request-id"));
    expect(ids[0]).toMatch(/^[\w-]{12,40}$/);
    expect(ids[1]).toMatch(/^[\w-]{12,40}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

/** A logger as pino's, which remembers. */
function recorder() {
  const lines: Record<string, unknown>[] = [];
  const make = (bindings: object): object => {
    const write = (level: string) => (details: object | string, message?: string) => {
      const given = typeof details === "string" ? { message: details } : details;
      lines.push({ level, ...bindings, ...given, ...(message !== undefined && { message }) });
    };
    const levels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
    return {
      level: "info",
      ...Object.fromEntries(levels.map((level) => [level, write(level)])),
      child: (more: object) => make({ ...bindings, ...more }),
    };
  };
  return { lines, logger: make({}) as NonNullable<ServerOptions["logger"]> };
}

describe("a structured logger", () => {
  it("gets a line for each call, with the request's id, and nothing of its arguments", async () => {
    const { lines, logger } = recorder();
    const url = await start({ logger });
    await post(url, "/api/Work/echo", '["a secret"]', { "x-request-id": "one" });
    await post(url, "/api/Work/abort", "[]", { "x-request-id": "two" });
    await fetch(`${url}/readyz`);
    const calls = lines.filter(({ service }) => service === "Work");
    expect(calls).toEqual([
      {
        level: "info",
        reqId: "one",
        service: "Work",
        method: "echo",
        transport: "http",
        code: "OK",
        status: 200,
        elapsedMs: expect.any(Number),
        from: "127.0.0.1",
        message: "call answered",
      },
      expect.objectContaining({ level: "info", reqId: "two", code: "ABORTED", status: 409 }),
    ]);
    expect(JSON.stringify(lines)).not.toContain("a secret");
  });

  it("gets what a handler threw, which the caller does not", async () => {
    const { lines, logger } = recorder();
    const url = await start({ logger });
    const response = await post(url, "/api/Work/crash", "[]", { "x-request-id": "three" });
    expect(await response.json()).toMatchObject({ code: "INTERNAL", detail: "Work.crash failed" });
    const failure = lines.find(({ level }) => level === "error");
    expect(failure).toMatchObject({
      reqId: "three",
      message: "Work.crash failed",
      err: new Error("a secret of the handler"),
    });
    expect(lines.find(({ level }) => level === "warn")).toMatchObject({ code: "INTERNAL" });
  });
});

describe("calls over a WebSocket", () => {
  const clientOf = (url: string) =>
    createClient(Work, { baseUrl: url.replace("http:", "ws:"), retries: 0 });

  it("are counted as those over HTTP are, with their transport", async () => {
    const url = await start({ metrics: true });
    await using client = clientOf(url);
    await client.echo("x");
    expect(await failureOf(() => client.abort())).toMatchObject({ code: "ABORTED" });
    const unserved = defineService({
      name: "Work",
      api: "http",
      methods: { madeUp: { parameters: [], result: t.null(), handler: () => null } },
    });
    await using other = createClient(unserved, { baseUrl: url.replace("http:", "ws:") });
    expect(await failureOf(() => other.madeUp())).toMatchObject({ code: "NOT_FOUND" });
    const stream = client.count();
    await stream.next();
    await stream.return?.();
    // Answered after what was sent before it on the same socket.
    await client.echo("y");
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line.startsWith("nearfar_calls_total{"));
    expect(lines.sort()).toEqual([
      'nearfar_calls_total{service="",method="",transport="websocket",code="NOT_FOUND"} 1',
      'nearfar_calls_total{service="Work",method="abort",transport="websocket",code="ABORTED"} 1',
      'nearfar_calls_total{service="Work",method="count",transport="websocket",code="CANCELLED"} 1',
      'nearfar_calls_total{service="Work",method="echo",transport="websocket",code="OK"} 2',
    ]);
    const labels = 'service="Work",method="echo",transport="websocket"';
    expect(text).toContain(`nearfar_call_duration_seconds_count{${labels}} 2`);
    expect(text).toContain(`nearfar_calls_in_flight{${labels}} 0`);
  });

  it("are logged with an id of their own, which the caller may give, and is told", async () => {
    const { lines, logger } = recorder();
    const ids: unknown[] = [];
    const url = await start({ logger });
    await using client = createClient(Work, {
      baseUrl: url.replace("http:", "ws:"),
      retries: 0,
      interceptors: [
        async (request, next) => {
          const response = await next(request);
          ids.push(response.headers["x-request-id"]);
          return response;
        },
      ],
    });
    await client.$with({ headers: { "x-request-id": "caller-8" } }).echo("a secret");
    await client.echo("x");
    const named = client.$with({ headers: { "x-request-id": "caller-9" } });
    await failureOf(() => named.crash());
    expect(ids).toEqual(["caller-8", expect.stringMatching(/^[\w-]{12,40}$/)]);
    const own = { service: "Work", method: "echo", transport: "websocket", code: "OK" };
    const calls = lines.filter(({ service }) => service === "Work");
    expect(calls).toEqual([
      {
        level: "info",
        reqId: "caller-8",
        ...own,
        status: 200,
        elapsedMs: expect.any(Number),
        from: "127.0.0.1",
        message: "call answered",
      },
      expect.objectContaining({ reqId: ids[1], ...own }),
      expect.objectContaining({ level: "warn", reqId: "caller-9", code: "INTERNAL", status: 500 }),
    ]);
    const failure = lines.find(({ level }) => level === "error");
    expect(failure).toMatchObject({ reqId: "caller-9", message: "Work.crash failed" });
    expect(JSON.stringify(calls)).not.toContain("a secret");
  });
});

it("logLevel and logger are refused together, and a wrong level by name", () => {
  const { logger } = recorder();
  const create = (options: object) => () => createServer({ services: [Work], ...options });
  expect(create({ logLevel: "info", logger })).toThrow("must not both be given");
  expect(create({ logLevel: "loud" })).toThrow('logLevel must be one of "debug", "info", "warn"');
});

describe("/openapi.json", () => {
  it("is the document of the services", async () => {
    const url = await start({});
    const response = await fetch(`${url}/openapi.json`);
    expect(response.headers.get("content-type")).toBe("application/json");
    const document = (await response.json()) as { openapi: string; paths: object };
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(document.paths)).toContain("/api/Work/echo");
    expect((await fetch(`${await start({ openApi: false })}/openapi.json`)).status).toBe(404);
  });

  it("names paths as an application has them, and stands there only if asked for", async () => {
    const app = Fastify();
    await app.register(nearfarPlugin, { services: [Work], openApi: true, prefix: "/v1" });
    const { paths } = (await app.inject("/v1/openapi.json")).json() as { paths: object };
    expect(Object.keys(paths)).toContain("/v1/api/Work/echo");
    await app.close();
  });
});

describe("/docs", () => {
  it("is a page whose parts all come from this server", async () => {
    const url = await start({ referencePage: true });
    const response = await fetch(`${url}/docs`);
    expect(response.url).toBe(`${url}/docs/`);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    const page = await response.text();
    expect(page).toContain("/openapi.json");
    const [, script = ""] = /<script src="([^"]+)"/.exec(page) ?? [];
    const source = await fetch(new URL(script, response.url));
    expect(source.url.startsWith(`${url}/docs/`)).toBe(true);
    expect(source.headers.get("content-type")).toMatch(/javascript/);
  });
});
