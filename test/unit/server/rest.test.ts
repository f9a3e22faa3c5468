import { afterEach, describe, expect, it } from "vitest";
import { defineService, ServiceError, t } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";

const logged: { err: unknown; message: string }[] = [];
const logger = {
  error: ({ err }: { readonly err: unknown }, message: string) => {
    logged.push({ err, message });
  },
};

const Shop = defineService({
  name: "Shop",
  methods: {
    price: {
      parameters: [t.param("item", t.string()), t.param("count", t.optional(t.uint8()))],
      result: t.object({ item: t.string(), total: t.number() }),
      handler: (item, count = 1) => ({ item, total: 2 * count }),
    },
    echo_bytes: {
      parameters: [t.param("bytes", t.bytes())],
      result: t.bytes(),
      handler: (bytes) => bytes,
    },
    add: {
      parameters: [t.param("a", t.int64()), t.param("b", t.int64())],
      result: t.int64(),
      handler: async (a, b) => a + b,
    },
    page: {
      parameters: [t.param("size", t.optional(t.int64({ default: "20" })))],
      result: t.object({ size: t.int64() }),
      handler: (size) => ({ size: size ?? 0n }),
    },
    nothing: { parameters: [], result: t.void(), handler: () => undefined },
    points: {
      parameters: [t.param("points", t.array(t.object({ x: t.number() })))],
      result: t.integer(),
      handler: (points) => points.length,
    },
    anything: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x },
    crash: {
      parameters: [],
      result: t.null(),
      handler: () => {
        throw new Error("the password is hunter2");
      },
    },
    reject: {
      parameters: [],
      result: t.null(),
      handler: async () => {
        throw new TypeError("the password is hunter2");
      },
    },
    relay: {
      parameters: [],
      result: t.null(),
      // As errors of HTTP clients and frameworks are.
      handler: () => {
        throw Object.assign(new Error("the password is hunter2"), { statusCode: 400 });
      },
    },
    refuse: {
      parameters: [],
      result: t.null(),
      handler: () => {
        throw new ServiceError("PERMISSION_DENIED", "not today");
      },
    },
    lie: { parameters: [], result: t.int32(), handler: () => 2.5 },
    unanswered: { parameters: [], result: t.null() },
    local: {
      api: "ffi",
      native: { library: "./nowhere.so", declaration: "int local(void)" },
    },
  },
});

let server: Server;
afterEach(async () => {
  logged.length = 0;
  await server.close();
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: unknown;
}

async function post(path: string, body: string, type = "application/json"): Promise<Answer> {
  server = createServer({ services: [Shop], logger, bodyLimitBytes: 4096 });
  const response = await server.app.inject({
    method: "POST",
    url: `/api/${path}`,
    headers: { "content-type": type },
    body,
  });
  return {
    status: response.statusCode,
    type: response.headers["content-type"]?.toString(),
    body: response.body === "" ? undefined : JSON.parse(response.body),
  };
}

const call = (method: string, args: unknown): Promise<Answer> =>
  post(`Shop/${method}`, JSON.stringify(args));

describe("POST /api/<Service>/<method>", () => {
  it("takes arguments by position or by name and answers with the bare value", async () => {
    const answer = {
      status: 200,
      type: "application/json; charset=utf-8",
      body: { item: "tea", total: 6 },
    };
    expect(await call("price", ["tea", 3])).toEqual(answer);
    expect(await call("price", { count: 3, item: "tea" })).toEqual(answer);
    expect((await call("price", ["tea"])).body).toEqual({ item: "tea", total: 2 });
    expect((await call("price", { item: "tea", count: null })).body).toEqual({
      item: "tea",
      total: 2,
    });
  });

  it("fills in the default of an argument that is left out", async () => {
    for (const args of [[], [null], {}]) {
      expect((await call("page", args)).body).toEqual({ size: "20" });
    }
  });

  it("carries bytes as base64, wide integers as strings and void as null", async () => {
    expect((await call("echo_bytes", ["AP-_"])).body).toBe("AP+/");
    expect((await call("add", ["9223372036854775806", 1])).body).toBe("9223372036854775807");
    expect(await call("nothing", [])).toMatchObject({ status: 200, body: null });
  });

  const refusals = [
    ["price", [], "expected 1 to 2 arguments, got 0"],
    ["price", ["tea", 300], "argument 2 (count) must be an integer from 0 to 255, got 300"],
    ["price", {}, "argument 1 (item) must be a string, got undefined"],
    ["price", { itme: "tea" }, 'unknown argument "itme"; known: item, count'],
    [
      "price",
      JSON.parse('{"constructor":1}'),
      'unknown argument "constructor"; known: item, count',
    ],
    [
      "price",
      "tea",
      "body must be a JSON array (arguments by position) or object (by name), " +
        "got a string of 3 characters",
    ],
    [
      "price",
      null,
      "body must be a JSON array (arguments by position) or object (by name), got null",
    ],
    [
      "echo_bytes",
      ["not base64!"],
      "argument 1 (bytes) must be a base64 string, got a string of 11 characters",
    ],
    [
      "add",
      ["9223372036854775808", 0],
      "argument 1 (a) must be an integer from -9223372036854775808 to 9223372036854775807 " +
        "(a decimal string, or a safe integer), got a string of 19 characters",
    ],
    [
      "points",
      [[{ x: 1 }, { x: "2" }]],
      "argument 1 (points)[1].x must be a finite number, got a string of 1 character",
    ],
    [
      "points",
      [[{ x: 1, y: 2 }]],
      'argument 1 (points)[0] must be an object without the property "y" (known: x), got an object',
    ],
  ] as const;
  it.each(refusals)("%s %j is INVALID_ARGUMENT", async (method, args, detail) => {
    expect(await call(method, args)).toEqual({
      status: 400,
      type: "application/problem+json",
      body: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail,
        code: "INVALID_ARGUMENT",
      },
    });
    expect(logged).toEqual([]);
  });

  it("gives an error of a handler its own code and text", async () => {
    expect(await call("refuse", [])).toMatchObject({
      status: 403,
      body: { code: "PERMISSION_DENIED", detail: "not today", title: "Forbidden" },
    });
  });

  it.each(["crash", "reject", "relay"])(
    "hides what a handler threw (%s) and logs it",
    async (method) => {
      const answer = await call(method, []);
      expect(answer).toMatchObject({
        status: 500,
        body: { code: "INTERNAL", detail: `Shop.${method} failed` },
      });
      expect(JSON.stringify(answer)).not.toContain("hunter2");
      expect(logged).toEqual([
        {
          err: expect.objectContaining({ message: "the password is hunter2" }),
          message: `Shop.${method} failed`,
        },
      ]);
    },
  );

  it("does not pass on a result that contradicts its definition", async () => {
    expect(await call("lie", [])).toMatchObject({
      status: 500,
      body: { code: "INTERNAL", detail: expect.stringMatching(/^result must be an integer from /) },
    });
    expect(logged).toHaveLength(1);
  });

  it("is UNIMPLEMENTED where nothing answers, and where the method runs near only", async () => {
    expect(await call("unanswered", [])).toMatchObject({
      status: 501,
      body: {
        code: "UNIMPLEMENTED",
        detail: "Shop.unanswered has no handler on this server, and it declares no native function",
      },
    });
    expect((await call("local", [])).body).toMatchObject({
      code: "UNIMPLEMENTED",
      detail: 'Shop.local runs near only: its api is "ffi"',
    });
  });
});

describe("what is not a call", () => {
  it("names the services and methods that there are", async () => {
    expect(await post("Shpo/price", "[]")).toMatchObject({
      status: 404,
      body: { code: "NOT_FOUND", detail: 'unknown service "Shpo"; known: Shop' },
    });
    expect((await post("Shop/prize", "[]")).body).toMatchObject({
      code: "NOT_FOUND",
      detail: expect.stringMatching(/^unknown method of Shop "prize"; known: price, echo_bytes, /),
    });
    expect((await post("Shop/price/more", "[]")).status).toBe(404);
    expect((await post("Shop/__proto__", "[]")).status).toBe(404);
    expect((await post("__proto__/price", "[]")).status).toBe(404);
  });

  it("is refused by content type, JSON, size and prototype keys, quoting nothing", async () => {
    expect(await post("Shop/price", '["tea"]', "text/plain")).toMatchObject({
      status: 415,
      body: { code: "INVALID_ARGUMENT", detail: "content-type must be application/json" },
    });
    expect(await post("Shop/price", '["secret')).toMatchObject({
      status: 400,
      body: { code: "INVALID_ARGUMENT", detail: "body must be valid JSON" },
    });
    expect((await post("Shop/price", "")).body).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: "body must be a JSON array or object, got nothing",
    });
    expect(await post("Shop/price", JSON.stringify(["x".repeat(5000)]))).toMatchObject({
      status: 413,
      type: "application/problem+json",
      body: { code: "RESOURCE_EXHAUSTED", detail: "body must be at most 4096 bytes" },
    });
    expect((await post("Shop/anything", '[{"__proto__":{"polluted":1}}]')).status).toBe(400);
    expect((await post("Shop/anything", '[{"constructor":{"prototype":{}}}]')).status).toBe(400);
    expect({}).not.toHaveProperty("polluted");
  });

  it.each(["GET", "PUT", "DELETE", "PATCH"] as const)(
    "by %s is refused, naming POST",
    async (method) => {
      server = createServer({ services: [Shop] });
      const response = await server.app.inject({ method, url: "/api/Shop/price" });
      expect([response.statusCode, response.headers.allow]).toEqual([405, "POST"]);
      expect(response.json()).toMatchObject({
        status: 405,
        code: "UNIMPLEMENTED",
        detail: `${method} is not supported; use POST`,
      });
    },
  );

  it("is a problem elsewhere too", async () => {
    server = createServer({ services: [Shop] });
    const response = await server.app.inject({ method: "GET", url: "/nowhere" });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({
      code: "NOT_FOUND",
      detail: "nothing is at GET /nowhere",
    });
  });
});

describe("health", () => {
  it("is live and ready", async () => {
    server = createServer({ services: [Shop] });
    for (const [url, status] of [
      ["/livez", "live"],
      ["/readyz", "ready"],
    ] as const) {
      const response = await server.app.inject({ method: "GET", url });
      expect([response.statusCode, response.json()]).toEqual([200, { status }]);
    }
  });
});
