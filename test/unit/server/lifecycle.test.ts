import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { afterAll, describe, expect, it } from "vitest";
import {
  api,
  createClient,
  defineService,
  method,
  native,
  nativeOnly,
  t,
} from "../../../src/index.js";
import { callContext, createServer, nearfarPlugin } from "../../../src/server/index.js";
import { fixtureLibrary } from "../../support/compile.js";
import { failureOf } from "../client/servers.js";

const directory = mkdtempSync(join(tmpdir(), "nearfar-server-"));
afterAll(() => rmSync(directory, { recursive: true }));

const Echo = defineService({
  name: "Echo",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
  },
});

describe("createServer", () => {
  it.each([
    [{ port: 70_000 }, "port must be an integer from 0 to 65535, got 70000"],
    [{ bodyLimitBytes: 0 }, "bodyLimitBytes must be an integer from 1 to 1073741824, got 0"],
    [{ prot: 1 }, /^server options has no option "prot"; known: services, host, port, /],
  ])("refuses the options %j", async (options, message) => {
    const start = async () => {
      await using server = createServer({ services: [Echo], ...options });
      await server.listen();
    };
    await expect(start()).rejects.toThrow(message);
  });

  it("refuses a port where other servers take it, and listens on none", async () => {
    await using server = createServer({ services: [Echo] });
    const listen = server.listen as (...given: unknown[]) => Promise<unknown>;
    await expect(listen(3000)).rejects.toThrow(
      "listen takes no arguments: give port, host or socketPath to createServer, got 3000",
    );
    expect(server.app.server.listening).toBe(false);
  });

  it("listens once, and not after it was closed", async () => {
    const server = createServer({ services: [Echo] });
    const { url } = await server.listen();
    expect(await failureOf(() => server.listen())).toEqual({
      code: "FAILED_PRECONDITION",
      message: `the server listens already, at ${url}`,
    });
    await server.close();
    const closed = { code: "FAILED_PRECONDITION", message: "the server is closed" };
    expect(await failureOf(() => server.listen())).toEqual(closed);
    const unused = createServer({ services: [Echo] });
    await unused.close();
    expect(await failureOf(() => unused.listen())).toEqual(closed);
  });

  it("is closed when closed while it begins to listen", async () => {
    const server = createServer({ services: [Echo] });
    const listening = server.listen();
    await server.close();
    expect(server.app.server.listening).toBe(false);
    await listening;
  });

  it("listens at a second try, when the port is free", async () => {
    const holder = createServer({ services: [Echo] });
    const { url } = await holder.listen();
    await using server = createServer({ services: [Echo], port: Number(new URL(url).port) });
    expect((await failureOf(() => server.listen())).code).toBe("EADDRINUSE");
    await holder.close();
    expect(await server.listen()).toEqual({ url });
  });

  it.each([
    [[], "services must be an array of at least one service"],
    [[Echo, Echo], 'services has a second "Echo"'],
    [[{}], /^service must be a decorated class, an instance of one, or what defineService gives/],
    [
      [class Plain {}],
      "Plain is not a service: it has no method decorated with @method or @native",
    ],
  ])("refuses the services %j", async (services, message) => {
    const server = createServer({ services });
    await expect(server.listen()).rejects.toThrow(message);
    await server.close();
  });

  it("closes once, waits for calls in progress, and frees its port", async () => {
    let finish: (value: string) => void = () => undefined;
    const Waiting = defineService({
      name: "Waiting",
      api: "http",
      methods: {
        wait: {
          parameters: [],
          result: t.string(),
          handler: () =>
            new Promise<string>((resolve) => {
              finish = resolve;
            }),
        },
      },
    });
    const server = createServer({ services: [Waiting] });
    const { url } = await server.listen();
    const client = createClient(Waiting, { baseUrl: url, retries: 0 });
    const arrived = new Promise<void>((resolve) => {
      server.app.server.once("request", () => setImmediate(resolve));
    });
    const call = client.wait();
    await arrived;
    const closing = Promise.all([server.close(), server.close()]);
    setTimeout(() => finish("answered"), 20);
    expect(await call).toBe("answered");
    await closing;
    expect((await failureOf(() => client.wait())).code).toBe("UNAVAILABLE");
    await client.$close();
  });

  it("takes over a socket that nobody listens on, and nothing else", async () => {
    const socketPath = join(directory, "server.sock");
    const abandoned = createNetServer();
    await new Promise<void>((resolve) => abandoned.listen(socketPath, resolve));
    // A killed process leaves its socket behind; closing the handle below the server does too.
    const handle = (abandoned as unknown as { _handle: { close(): void } })._handle;
    handle.close();
    const server = createServer({ services: [Echo], socketPath });
    const { url } = await server.listen();
    expect(url).toBe(`unix:${socketPath}`);
    const client = createClient(Echo, { baseUrl: url });
    expect(await client.echo("over a socket")).toBe("over a socket");
    const second = createServer({ services: [Echo], socketPath });
    await expect(second.listen()).rejects.toThrow(/EADDRINUSE/);
    expect(await client.echo("still there")).toBe("still there");
    await second.close();
    await client.$close();
    await server.close();
    expect(existsSync(socketPath)).toBe(false);

    const file = join(directory, "precious");
    writeFileSync(file, "data");
    const third = createServer({ services: [Echo], socketPath: file });
    await expect(third.listen()).rejects.toThrow(/EADDRINUSE/);
    expect(existsSync(file)).toBe(true);
    await third.close();
  });
});

describe("nearfarPlugin", () => {
  it("serves in an application without touching its other routes", async () => {
    const app = fastify();
    app.post("/own", async (request) => request.body);
    await app.register(nearfarPlugin, { services: [Echo], prefix: "/v1" });
    const own = await app.inject({
      method: "POST",
      url: "/own",
      headers: { "content-type": "text/plain" },
      body: "text",
    });
    expect(own.body).toBe("text");
    const call = await app.inject({
      method: "POST",
      url: "/v1/api/Echo/echo",
      headers: { "content-type": "application/json" },
      body: '["hello"]',
    });
    expect([call.statusCode, call.body]).toEqual([200, '"hello"']);
    const missing = await app.inject({ method: "GET", url: "/missing" });
    expect(missing.json()).toMatchObject({ error: "Not Found" });
    await app.close();
  });
});

describe("callContext", () => {
  const seen: unknown[] = [];
  const Aware = defineService({
    name: "Aware",
    api: "http",
    methods: {
      look: {
        parameters: [],
        result: t.string(),
        handler: () => {
          const { service, method, timeoutMs, headers } = callContext();
          return `${service}.${method} ${timeoutMs} ${String(headers["x-tenant"])}`;
        },
      },
      wait: {
        parameters: [],
        result: t.null(),
        handler: () => {
          const { signal } = callContext();
          return new Promise<null>((resolve) => {
            signal.addEventListener("abort", () => {
              seen.push((signal.reason as Error).message);
              resolve(null);
            });
          });
        },
      },
      late: {
        parameters: [],
        result: t.string(),
        handler: async () => {
          await undefined;
          return callContext().service;
        },
      },
    },
  });

  it("tells a handler about its call, before its first await", async () => {
    await using server = createServer({ services: [Aware] });
    const { url } = await server.listen();
    const client = createClient(Aware, {
      baseUrl: url,
      interceptors: [(request, next) => next({ ...request, headers: { "x-tenant": "blue" } })],
    });
    expect(await client.$with({ timeoutMs: 1234 }).look()).toBe("Aware.look 1234 blue");
    expect((await failureOf(() => client.late())).code).toBe("FAILED_PRECONDITION");
    expect(() => callContext()).toThrow(/before their first await/);
    await client.$close();
  });

  it("aborts when the caller goes away, and when its deadline passes", async () => {
    await using server = createServer({ services: [Aware] });
    const { url } = await server.listen();
    const controller = new AbortController();
    const client = createClient(Aware, { baseUrl: url });
    const arrived = new Promise<void>((resolve) => {
      server.app.server.once("request", () => setTimeout(resolve, 20));
    });
    const call = client.$with({ signal: controller.signal }).wait();
    await arrived;
    controller.abort();
    expect((await failureOf(() => call)).code).toBe("CANCELLED");
    await expect.poll(() => seen).toEqual(["the caller is gone"]);

    const response = await fetch(`${url}/api/Aware/wait`, {
      method: "POST",
      headers: { "content-type": "application/json", "nearfar-timeout-ms": "20" },
      body: "[]",
    });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      detail: "no answer within 20 ms",
    });
    expect(seen).toEqual(["the caller is gone", "the caller's deadline has passed"]);
    await client.$close();
  });

  it.each(["0", "-1", "1.5", "soon", "99999999999"])("refuses the deadline %s", async (value) => {
    await using server = createServer({ services: [Aware] });
    const response = await server.app.inject({
      method: "POST",
      url: "/api/Aware/look",
      headers: { "content-type": "application/json", "nearfar-timeout-ms": value },
      body: "[]",
    });
    expect(response.json()).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: "header nearfar-timeout-ms must be an integer from 1 to 2147483647",
    });
  });
});

describe("a decorated service", () => {
  class Mathematics {
    calls = 0;

    @native(fixtureLibrary, "double add_float64(double a, double b)")
    add_float64(_a: number, _b: number): number {
      return nativeOnly();
    }

    @native("./no-such-library.so", "double sub(double a, double b)")
    sub(a: number, b: number): number {
      this.calls++;
      return a - b;
    }

    @native("./no-such-library.so", "double mul(double a, double b)")
    mul(_a: number, _b: number): number {
      return nativeOnly();
    }

    @api("http")
    @method({ parameters: [], result: t.integer() })
    count(): number {
      return this.calls;
    }
  }

  it("answers natively where it can, by its own body elsewhere", async () => {
    const instance = new Mathematics();
    await using server = createServer({ services: [instance] });
    const { url } = await server.listen();
    const client = createClient(Mathematics, { baseUrl: url, mode: "http" });
    expect(await client.add_float64(1, 2)).toBe(3);
    expect(await client.sub(5, 3)).toBe(2);
    expect(await client.count()).toBe(1);
    expect(await failureOf(() => client.mul(1, 2))).toEqual({
      code: "UNIMPLEMENTED",
      message:
        "this method has a native implementation only, " +
        "and the native library is not available here",
    });
    await client.$close();
  });
});
