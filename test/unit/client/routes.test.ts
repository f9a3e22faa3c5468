import { describe, expect, it } from "vitest";
import { type ApiMode, createClient, defineService, ServiceError, t } from "../../../src/index.js";
import { fixtureLibrary } from "../../support/compile.js";
import { failureOf, startServer } from "./servers.js";

const modes = ["ffi", "http", "both"] as const;
const parameters = [t.param("x", t.int32())];

function counterService(serviceApi: ApiMode, methodApi: ApiMode) {
  return defineService({
    name: "Counter",
    api: serviceApi,
    methods: {
      echo_int32: {
        api: methodApi,
        native: { library: fixtureLibrary, declaration: "int32_t echo_int32(int32_t x)" },
      },
    },
  });
}

describe("api on a method", () => {
  const combinations = modes.flatMap((service) => modes.map((method) => ({ service, method })));
  it.each(combinations)("overrides its service: service $service, method $method", async (row) => {
    const service = counterService(row.service, row.method);
    const { url, count } = await startServer(service);
    const client = createClient(service, { baseUrl: url });
    expect(await client.echo_int32(7)).toBe(7);
    const expected = row.method === "http" ? "far" : "near";
    expect(client.$routes.echo_int32.route).toBe(expected);
    expect(client.$routes.echo_int32.api).toBe(row.method);
    expect(count()).toBe(expected === "far" ? 1 : 0);
    await client.$close();
  });
});

describe("a client's mode and a method's api", () => {
  const combinations = modes.flatMap((mode) => modes.map((api) => ({ mode, api })));
  it.each(combinations)("both hold: mode $mode, api $api", async ({ mode, api }) => {
    const service = defineService({
      name: "Mixed",
      methods: {
        chosen: {
          api,
          native: { library: fixtureLibrary, declaration: "int32_t echo_int32(int32_t x)" },
        },
        always: {
          native: { library: fixtureLibrary, declaration: "int32_t echo_int32(int32_t x)" },
        },
      },
    });
    const { url, count } = await startServer(service);
    const client = createClient(service, { baseUrl: url, mode });
    const { route } = client.$routes.chosen;
    if (mode !== "both" && api !== "both" && mode !== api) {
      expect(route).toBe("none");
      expect(await failureOf(() => client.chosen(1))).toEqual({
        code: "FAILED_PRECONDITION",
        message:
          `Mixed.chosen cannot be called: its api is "${api}" ` +
          `and the client's mode is "${mode}"`,
      });
      expect(count()).toBe(0);
    } else {
      expect(await client.chosen(9)).toBe(9);
      const isFar = mode === "http" || api === "http";
      expect([route, count()]).toEqual(isFar ? ["far", 1] : ["near", 0]);
    }
    await client.$close();
  });

  it("refuse a client that could call nothing", () => {
    const service = counterService("ffi", "ffi");
    expect(() => createClient(service, { mode: "http", baseUrl: "http://127.0.0.1:9" })).toThrow(
      expect.objectContaining({ code: "FAILED_PRECONDITION" }),
    );
  });
});

describe("both", () => {
  const absent = [
    {
      what: "the library",
      native: { library: "./no-such-library.so", declaration: "int32_t echo(int32_t x)" },
      reason: /no-such-library/,
    },
    {
      what: "the symbol",
      native: { library: fixtureLibrary, declaration: "int32_t no_such_symbol(int32_t x)" },
      reason: /no_such_symbol/,
    },
    {
      what: "a library for this platform",
      native: { library: {}, declaration: "int32_t echo(int32_t x)" },
      reason: /names no library for/,
    },
    {
      what: "a built-in library",
      native: { library: "nearfar:nothing", symbol: "echo" } as const,
      reason: /has no library "nearfar:nothing" \(it has nearfar:crypto\)/,
    },
    {
      what: "a built-in function",
      native: { library: "nearfar:crypto", symbol: "echo" } as const,
      reason: /has no function "echo" \(it has (\w+, )*hash_data, (\w+, )*verify_signature\b.*\)/,
    },
  ];

  it.each(absent)("goes far where $what is missing, and says why", async ({ native, reason }) => {
    const service = defineService({
      name: "Portable",
      methods: { echo: { parameters, result: t.int32(), native, handler: (x) => x } },
    });
    const { url, count } = await startServer(service);
    const client = createClient(service, { baseUrl: url });
    expect(client.$routes.echo.route).toBe("far");
    expect(client.$routes.echo.reason).toMatch(reason);
    expect(client.$native.echo).toBeUndefined();
    expect(await client.echo(3)).toBe(3);
    expect(count()).toBe(1);
    await client.$close();
  });

  it.each(absent)("with no server and without $what is one UNAVAILABLE error", (row) => {
    const service = defineService({
      name: "Portable",
      methods: { echo: { parameters, result: t.int32(), native: row.native } },
    });
    const create = () => createClient(service);
    expect(create).toThrow(ServiceError);
    expect(create).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
    expect(create).toThrow(row.reason);
    expect(create).toThrow(/not near \(.*\), and not far \(the client has no baseUrl\)$/);
  });

  it.each(absent)("ffi without $what fails when the client is made", ({ native, reason }) => {
    const service = defineService({
      name: "Portable",
      api: "ffi",
      methods: { echo: { parameters, result: t.int32(), native } },
    });
    const create = () => createClient(service, { baseUrl: "http://127.0.0.1:9" });
    expect(create).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
    expect(create).toThrow(reason);
  });

  it("names both reasons when the server cannot be reached", async () => {
    const service = defineService({
      name: "Portable",
      methods: {
        echo: {
          parameters,
          result: t.int32(),
          native: { library: "./no-such-library.so", declaration: "int32_t echo(int32_t x)" },
        },
      },
    });
    const { url, close } = await startServer(service);
    await close();
    const client = createClient(service, { baseUrl: url, retries: 0 });
    const failure = await failureOf(() => client.echo(1));
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toMatch(
      /not near \(.*no-such-library.*\), not far \(cannot reach http/,
    );
    await client.$close();
  });
});

describe("a near call that throws", () => {
  it("is not repeated over HTTP, not even where the method is idempotent", async () => {
    const service = defineService({
      name: "Throwing",
      methods: {
        echo_int32: {
          idempotent: true,
          native: { library: fixtureLibrary, declaration: "int32_t echo_int32(int32_t x)" },
        },
      },
    });
    const { url, count } = await startServer(service);
    const client = createClient(service, { baseUrl: url });
    expect(client.$routes.echo_int32.route).toBe("near");
    expect((await failureOf(() => client.echo_int32(2.5))).code).toBe("INVALID_ARGUMENT");
    expect(count()).toBe(0);
    await client.$close();
  });
});

describe("two declarations of one symbol", () => {
  it("stand side by side, each with its own types and parameter names", async () => {
    const declare = (declaration: string) =>
      defineService({
        name: "Echo",
        methods: { echo: { native: { library: fixtureLibrary, declaration } } },
      });
    const first = createClient(declare("int32_t echo_int32(int32_t first)"), { mode: "ffi" });
    const second = createClient(declare("int32_t echo_int32(int32_t second)"), { mode: "ffi" });
    const third = createClient(declare("uint32_t echo_int32(uint32_t third)"), { mode: "ffi" });
    await expect(first.echo("x" as never)).rejects.toThrow("argument 1 (first)");
    await expect(second.echo("x" as never)).rejects.toThrow("argument 1 (second)");
    await expect(third.echo(2 ** 32)).rejects.toThrow("from 0 to 4294967295");
  });
});

describe("$native", () => {
  it("is the resolved function itself: synchronous, throwing what the engine throws", () => {
    const service = counterService("both", "both");
    const { $native } = createClient(service, { mode: "ffi" });
    expect($native.echo_int32(5)).toBe(5);
    expect($native.echo_int32).toHaveProperty("pointer", expect.any(BigInt));
    expect(() => $native.echo_int32(2.5)).toThrow(TypeError);
  });

  it("checks schemas that are narrower than the C types, as a server does", async () => {
    const service = defineService({
      name: "Narrow",
      methods: {
        echo_float64: {
          parameters: [t.param("x", t.number())],
          result: t.number(),
          native: { library: fixtureLibrary, declaration: "double echo_float64(double)" },
        },
      },
    });
    const { url } = await startServer(service);
    const near = createClient(service, { mode: "ffi" });
    const far = createClient(service, { mode: "http", baseUrl: url });
    expect(near.$native.echo_float64(1.5)).toBe(1.5);
    const failure = await failureOf(() => near.echo_float64(Number.NaN));
    expect(failure.message).toBe("argument 1 (x) must be a finite number, got NaN");
    expect(await failureOf(() => far.echo_float64(Number.NaN))).toEqual(failure);
    await far.$close();
  });
});
