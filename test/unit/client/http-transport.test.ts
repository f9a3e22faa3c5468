import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  createClient,
  defineService,
  HttpTransport,
  type Interceptor,
  SERVICE_CODES,
  ServiceError,
  t,
} from "../../../src/index.js";
import { failureOf, startServer } from "./servers.js";

const Slow = defineService({
  name: "Slow",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
    never: { parameters: [], result: t.null(), handler: () => new Promise<null>(() => undefined) },
    fail: {
      parameters: [t.param("code", t.string())],
      result: t.null(),
      handler: (code) => {
        throw new ServiceError(code as "ABORTED", `failed with ${code}`);
      },
    },
  },
});

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A server that answers as `listener` says, and not as a nearfar server would. */
async function startForeign(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function slowClient(baseUrl: string, interceptors: Interceptor[] = []) {
  const client = createClient(Slow, { baseUrl, interceptors });
  closers.push(() => client.$close());
  return client;
}

describe("errors of a server", () => {
  const codes = Object.keys(SERVICE_CODES).filter((code) => code !== "OK");
  it.each(codes)("arrive with their code and detail: %s", async (code) => {
    const { url } = await startServer(Slow);
    const client = createClient(Slow, { baseUrl: url, retries: 0 });
    expect(await failureOf(() => client.fail(code))).toEqual({
      code,
      message: `failed with ${code}`,
    });
    await client.$close();
  });

  const foreign = [
    { status: 200, type: "text/html", body: "<html>", code: "UNKNOWN", text: /"text\/html"/ },
    { status: 200, type: "application/json", body: "{", code: "UNKNOWN", text: /broken JSON/ },
    { status: 204, type: "", body: "", code: "UNKNOWN", text: /answered 204/ },
    { status: 302, type: "", body: "", code: "UNKNOWN", text: /answered 302/ },
    { status: 401, type: "text/plain", body: "no", code: "UNAUTHENTICATED", text: /401/ },
    { status: 404, type: "text/html", body: "no", code: "UNIMPLEMENTED", text: /404/ },
    { status: 502, type: "text/html", body: "no", code: "UNAVAILABLE", text: /502/ },
    { status: 500, type: "application/json", body: '{"code":"OK"}', code: "UNKNOWN", text: /500/ },
  ];
  it.each(foreign)("that is none of ours are told by status: $status $type", async (row) => {
    const url = await startForeign((_, response) => {
      response.writeHead(row.status, row.type === "" ? {} : { "content-type": row.type });
      response.end(row.body);
    });
    const failure = await failureOf(() => slowClient(url).echo("x"));
    expect(failure).toEqual({ code: row.code, message: expect.stringMatching(row.text) });
  });

  it("that answer with a value of another type are INTERNAL", async () => {
    const url = await startForeign((_, response) => {
      response.setHeader("content-type", "application/json");
      response.end("5");
    });
    expect(await failureOf(() => slowClient(url).echo("x"))).toEqual({
      code: "INTERNAL",
      message: "result must be a string, got 5",
    });
  });
});

describe("waiting", () => {
  it("ends with DEADLINE_EXCEEDED, and tells the server how long it would have been", async () => {
    // A deadline that passes before a request has left leaves nothing to look at.
    let [header, timeoutMs] = ["", 25];
    const url = await startForeign(({ headers }) => {
      header = String(headers["nearfar-timeout-ms"]);
    });
    while (header === "") {
      timeoutMs *= 2;
      const failure = await failureOf(() => slowClient(url).$with({ timeoutMs }).never());
      const message = `no answer within ${timeoutMs} ms`;
      expect(failure).toEqual({ code: "DEADLINE_EXCEEDED", message });
    }
    expect(Number(header)).toBeGreaterThanOrEqual(50);
    expect(Number(header)).toBeLessThanOrEqual(timeoutMs);
  });

  it("ends with CANCELLED when its signal aborts", async () => {
    const { url } = await startServer(Slow);
    const controller = new AbortController();
    const call = slowClient(url).$with({ signal: controller.signal }).never();
    setTimeout(() => controller.abort(), 20);
    expect((await failureOf(() => call)).code).toBe("CANCELLED");
    const again = slowClient(url).$with({ signal: controller.signal });
    expect((await failureOf(() => again.echo("x"))).code).toBe("CANCELLED");
  });

  it("for a connection ends too, and the call is not sent later", async () => {
    let requests = 0;
    const url = await startForeign(() => {
      requests++;
    });
    const transport = new HttpTransport({ baseUrl: url, maxConnections: 1 });
    const request = { service: "Slow", method: "never", args: [], idempotent: false };
    const controller = new AbortController();
    const first = failureOf(() =>
      transport.call({ ...request, timeoutMs: 60_000, signal: controller.signal }),
    );
    const second = await failureOf(() => transport.call({ ...request, timeoutMs: 20 }));
    expect(second.code).toBe("DEADLINE_EXCEEDED");
    while (requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect((await first).code).toBe("CANCELLED");
    await transport.close();
    expect(requests).toBe(1);
  });
});

describe("a transport", () => {
  it("makes a call without a definition", async () => {
    const { url } = await startServer(Slow);
    await using transport = new HttpTransport({ baseUrl: url });
    const call = { service: "Slow", method: "echo", timeoutMs: 5_000, idempotent: false };
    expect((await transport.call({ ...call, args: ["by position"] })).value).toBe("by position");
    expect((await transport.call({ ...call, args: { x: "by name" } })).value).toBe("by name");
  });

  it("waits for calls in flight when it is closed, and refuses later ones", async () => {
    const { url } = await startServer(Slow);
    const transport = new HttpTransport({ baseUrl: url });
    const request = { service: "Slow", method: "echo", timeoutMs: 5_000, idempotent: false };
    const pending = transport.call({ ...request, args: ["pending"] });
    await transport.call({ ...request, args: ["first"] });
    await Promise.all([transport.close(), transport.close()]);
    expect((await pending).value).toBe("pending");
    const later = await failureOf(() => transport.call({ ...request, args: ["late"] }));
    expect(later.code).toBe("FAILED_PRECONDITION");
  });

  it.each([
    "ftp://host",
    "localhost:3000",
    "unix:",
    "http://user:secret@host",
    "http://host/?query",
    5,
  ])("refuses the address %s", (baseUrl) => {
    const create = () => new HttpTransport({ baseUrl: baseUrl as string });
    expect(create).toThrow(/^baseUrl must be "http:\/\/host:port", .*, got /);
    expect(create).not.toThrow(/secret/);
  });

  it("keeps a path before /api", async () => {
    let path: unknown;
    const url = await startForeign((request, response) => {
      path = request.url;
      response.setHeader("content-type", "application/json").end('"x"');
    });
    await slowClient(`${url}/behind/proxy/`).echo("x");
    expect(path).toBe("/behind/proxy/api/Slow/echo");
  });
});

describe("the path of a call", () => {
  it("has names of any characters, each time", async () => {
    const paths: unknown[] = [];
    const url = await startForeign((request, response) => {
      paths.push(request.url);
      response.setHeader("content-type", "application/json").end('"x"');
    });
    await using transport = new HttpTransport({ baseUrl: url });
    const call = { args: [], timeoutMs: 60_000, idempotent: false };
    for (const service of ["a/b", "a", "a/b"]) {
      await transport.call({ ...call, service, method: "ü?" });
    }
    const method = "%C3%BC%3F";
    expect(paths).toEqual([`/api/a%2Fb/${method}`, `/api/a/${method}`, `/api/a%2Fb/${method}`]);
  });
});

describe("interceptors", () => {
  it("see request and response, the first outermost, and may change both", async () => {
    const { url } = await startServer(Slow);
    const seen: string[] = [];
    const outer: Interceptor = async (request, next) => {
      seen.push(`outer ${request.service}.${request.method}`);
      const response = await next({ ...request, args: ["changed"] });
      seen.push("outer done");
      return { ...response, value: `${String(response.value)}!` };
    };
    const inner: Interceptor = (request, next) => {
      seen.push(`inner ${JSON.stringify(request.args)}`);
      return next(request);
    };
    expect(await slowClient(url, [outer, inner]).echo("original")).toBe("changed!");
    expect(seen).toEqual(["outer Slow.echo", 'inner ["changed"]', "outer done"]);
  });

  it("can send headers and answer by themselves", async () => {
    let authorization: unknown;
    const url = await startForeign((request, response) => {
      authorization = request.headers.authorization;
      response.setHeader("content-type", "application/json").end('"x"');
    });
    await slowClient(url, [
      (request, next) => next({ ...request, headers: { authorization: "Bearer x" } }),
    ]).echo("x");
    expect(authorization).toBe("Bearer x");
    const cached = slowClient(url, [async () => ({ value: "cached", headers: {} })]);
    expect(await cached.echo("x")).toBe("cached");
  });

  it("that throw end the call with a ServiceError", async () => {
    const failing = slowClient("http://127.0.0.1:9", [
      () => {
        throw new Error("secret");
      },
    ]);
    expect(await failureOf(() => failing.echo("x"))).toEqual({
      code: "INTERNAL",
      message: "Slow.echo failed",
    });
  });
});

describe("call options", () => {
  it("are checked by name", () => {
    const client = slowClient("http://127.0.0.1:9");
    expect(() => client.$with({ timeoutMs: 0 })).toThrow(
      "timeoutMs must be an integer from 1 to 2147483647, got 0",
    );
    expect(() => client.$with({ timeout: 5 } as object)).toThrow(
      'call options has no option "timeout"; known: timeoutMs, signal, idempotencyKey',
    );
    expect(() => client.$with({ idempotencyKey: "two\nlines" })).toThrow(/idempotencyKey must be/);
  });

  it("send an idempotency key", async () => {
    let key: unknown;
    const url = await startForeign((request, response) => {
      key = request.headers["idempotency-key"];
      response.setHeader("content-type", "application/json").end('"x"');
    });
    await slowClient(url).$with({ idempotencyKey: "k-1" }).echo("x");
    expect(key).toBe("k-1");
  });
});

describe("a client over a Unix socket", () => {
  it("names the socket when nobody listens", async () => {
    const baseUrl = `unix:${join(tmpdir(), `nearfar-nobody-${process.pid}.sock`)}`;
    const failure = await failureOf(() => slowClient(baseUrl).echo("x"));
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toContain(`cannot reach ${baseUrl}`);
  });
});
