import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { parseBaseUrls } from "../../../src/client/base-url.js";
import {
  ArgumentError,
  type ClientOptions,
  createClient,
  defineService,
  HttpTransport,
  type Interceptor,
  ServiceError,
  type Transport,
  t,
} from "../../../src/index.js";
import { fixtureLibrary } from "../../support/compile.js";
import { failureOf, startServer } from "./servers.js";

const NOWHERE = "http://127.0.0.1:9";

const int32 = [t.param("x", t.int32())];
const native = { library: fixtureLibrary, declaration: "int32_t echo_int32(int32_t x)" };

/** A method for each way: native, a handler, a server, and none with mode "ffi". */
const Ways = defineService({
  name: "Ways",
  methods: {
    near: { native },
    local: { parameters: int32, result: t.int32(), handler: (x) => x + 1 },
    far: { api: "http", parameters: int32, result: t.int32(), handler: (x) => x + 2 },
    count: {
      api: "http",
      parameters: int32,
      result: t.stream(t.int32()),
      async *handler(x) {
        for (let item = 0; item < x; item++) yield item;
      },
    },
  },
});

const Idle = defineService({
  name: "Idle",
  api: "http",
  methods: {
    one: { parameters: [], result: t.void(), idempotent: true },
    other: { parameters: [], result: t.void(), idempotent: true },
  },
});

const METHODS = ["near", "local", "far", "count"];
const MEMBERS = ["$async", "$batch", "$routes", "$native", "$with", "$close"];

function waysClient(options: ClientOptions = { baseUrl: NOWHERE }) {
  return createClient(Ways, { implementation: Ways, ...options });
}

describe("a client", () => {
  it("has its methods and what $ names as properties of its own", async () => {
    const client = waysClient();
    expect(Object.keys(client).toSorted()).toEqual([...METHODS, ...MEMBERS].toSorted());
    for (const name of METHODS) {
      expect(Object.getOwnPropertyDescriptor(client, name)).toEqual({
        value: expect.any(Function),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    expect(Object.getPrototypeOf(client)).toBe(Object.prototype);
    expect("then" in client).toBe(false);
    expect(client[Symbol.asyncDispose]).toBe(client.$close);
    await client.$close();
  });

  it("gives one function for a method, whenever it is asked", async () => {
    const client = waysClient();
    for (const name of ["near", "local", "far", "count"] as const) {
      expect(client[name]).toBe(client[name]);
    }
    const { near } = client;
    expect(await near(1)).toBe(1);
    expect(client.near).toBe(near);
    await client.$close();
  });

  it("gives the native functions themselves, those of every other client", async () => {
    const [one, other] = [waysClient(), createClient(Ways, { baseUrl: NOWHERE })];
    expect(Object.keys(one.$native)).toEqual(["near"]);
    expect(one.$native.near).toBe(other.$native.near);
    expect(one.$with({ timeoutMs: 5 }).$native.near).toBe(one.$native.near);
    await Promise.all([one.$close(), other.$close()]);
  });

  it("is no dictionary to V8, be it the first or a later one", async () => {
    setFlagsFromString("--allow-natives-syntax");
    const isFast = new Function("object", "return %HasFastProperties(object)");
    for (const count of [1, 12, 100]) {
      const names = Array.from({ length: count }, (_, index) => `method_${index}`);
      const methods = Object.fromEntries(names.map((name) => [name, { native }]));
      const service = defineService({ name: `With${count}`, api: "ffi", methods });
      for (let nth = 0; nth < 3; nth++) {
        const client = createClient(service);
        const { $native, $with } = client;
        expect([client, $native, $with({ timeoutMs: 5 })].map((each) => isFast(each))).toEqual([
          true,
          true,
          true,
        ]);
      }
    }
  });

  it("has one C function in as many ways as its methods declare it", async () => {
    const library = fixtureLibrary;
    const Declared = defineService({
      name: "Declared",
      api: "ffi",
      methods: {
        signed: { native: { library, declaration: "int32_t echo_int32(int32_t x)" } },
        unsigned: { native: { library, declaration: "uint32_t echo_int32(uint32_t x)" } },
        again: { native: { library, declaration: "int32_t echo_int32(int32_t x)" } },
        narrow: { native: { library, declaration: "int16_t echo_int32(int16_t x)" } },
      },
    });
    const { $native, ...client } = createClient(Declared);
    expect(await Promise.all([client.signed(-1), client.unsigned(4294967295)])).toEqual([
      -1, 4294967295,
    ]);
    await expect(client.narrow(40_000)).rejects.toThrow("from -32768 to 32767, got 40000");
    expect($native.again).toBe($native.signed);
    expect($native.unsigned).not.toBe($native.signed);
  });

  it("can be taken apart and spread", async () => {
    const { url } = await startServer(Ways);
    const { near, local, far, count, $close } = waysClient({ baseUrl: url });
    expect(await Promise.all([near(1), local(1), far(1)])).toEqual([1, 2, 3]);
    expect(await itemsOf(count(2))).toEqual([0, 1]);
    const client = waysClient({ baseUrl: url });
    const copy = { ...client };
    expect(Object.keys(copy)).toEqual(Object.keys(client));
    expect(await Promise.all([copy.near(1), copy.local(1), copy.far(1)])).toEqual([1, 2, 3]);
    expect(copy.$routes.far.route).toBe("far");
    expect(copy.$native.near?.(5)).toBe(5);
    expect((await copy.$batch((calls) => [calls.far(5)]))[0]).toMatchObject({ value: 7 });
    expect(await (await copy.$async.far(5)).result()).toBe(7);
    await Promise.all([$close(), copy.$close()]);
  });

  it("keeps what it was made with", async () => {
    const { url } = await startServer(Ways);
    const seen: string[] = [];
    const interceptor =
      (name: string): Interceptor =>
      (request, next) => {
        seen.push(name);
        return next(request);
      };
    const interceptors = [interceptor("first")];
    const client = waysClient({ baseUrl: url, interceptors });
    interceptors.push(interceptor("late"));
    await client.far(1);
    expect(seen).toEqual(["first"]);
    await client.$close();
  });

  it("refuses far calls once it is closed, though it has made none", async () => {
    const client = waysClient();
    await client.$close();
    expect(await failureOf(() => client.far(1))).toEqual({
      code: "FAILED_PRECONDITION",
      message: `the client of ${NOWHERE} is closed`,
    });
    expect(await client.near(3)).toBe(3);
  });

  it("has one budget of retries for all its methods and what $with gives", async () => {
    let attempts = 0;
    const transport: Transport = {
      target: "nowhere",
      call: () => {
        attempts++;
        return Promise.reject(new ServiceError("UNAVAILABLE", "not now"));
      },
      close: () => Promise.resolve(),
    };
    const client = createClient(Idle, { transport, retries: 1 });
    const calls = Array.from({ length: 20 }, () => [
      client.one(),
      client.other(),
      client.$with({ timeoutMs: 5_000 }).one(),
    ]).flat();
    await Promise.allSettled(calls);
    // 20 in advance, and one more for every five calls.
    expect(attempts).toBeGreaterThanOrEqual(calls.length + 20);
    expect(attempts).toBeLessThanOrEqual(calls.length + 20 + calls.length / 5);
    await client.$close();
  });
});

describe("making a client fails at once", () => {
  const refused: [options: object, message: string][] = [
    [{ baseURL: NOWHERE }, 'client options has no option "baseURL"; known: baseUrl, '],
    [{ mode: "remote" }, 'mode must be one of "ffi", "http", "both", got "remote"'],
    [{ timeoutMs: 0 }, "timeoutMs must be an integer from 1 to 2147483647, got 0"],
    [{ retries: 11 }, "retries must be an integer from 0 to 10, got 11"],
    [{ hedgeAfterMs: 0 }, "hedgeAfterMs must be an integer from 1 to 2147483647, got 0"],
    [{ batch: 1 }, "batch must be true or false, got 1"],
    [{ interceptors: {} }, "interceptors must be an array of functions, got "],
    [{ balance: "any" }, 'balance must be one of "round-robin", "least-pending", "sticky"'],
    [{ maxConnections: 0 }, "maxConnections must be an integer from 1 to 65535, got 0"],
    [{ maxPending: 0 }, "maxPending must be an integer from 1 to 1073741824, got 0"],
    [{ connectTimeoutMs: 1.5 }, "connectTimeoutMs must be an integer from 1 to 2147483647"],
    [{ idleTimeoutMs: "5" }, "idleTimeoutMs must be an integer from 1 to 2147483647"],
    [{ breakAfterFailures: -1 }, "breakAfterFailures must be an integer from 0 to 1000, got -1"],
    [{ compressAboveBytes: -1 }, "compressAboveBytes must be an integer from 0 to 1073741824"],
    [{ http2: "yes" }, "http2 must be true or false"],
    [{ cbor: null }, "cbor must be true or false"],
    [{ tls: { pem: "" } }, 'tls has no option "pem"; known: ca, cert, key, '],
    [{ allowClearTextSecrets: 0 }, "allowClearTextSecrets must be true or false, got 0"],
    [{ baseUrl: "localhost:9" }, 'baseUrl must be "http://host:port", '],
    [{ transport: {} }, "transport and baseUrl must not both be given"],
  ];
  it.each(refused)("for the options %j", (options, message) => {
    const create = () => createClient(Ways, { baseUrl: NOWHERE, ...options });
    expect(create).toThrow(ArgumentError);
    expect(create).toThrow(message);
  });

  it("for options of HTTP and a WebSocket", () => {
    const create = () => createClient(Ways, { baseUrl: "ws://127.0.0.1:9", http2: true });
    expect(create).toThrow("http2 does not apply to ws://127.0.0.1:9");
  });

  it("for an implementation of another service", () => {
    const Other = defineService({ name: "Other", methods: { near: { native } } });
    const create = () => createClient(Ways, { baseUrl: NOWHERE, implementation: Other });
    expect(create).toThrow("implementation must be one of Ways, got one of Other");
  });

  const missing = [
    { library: "/nowhere/libnothing.so", declaration: "int32_t echo_int32(int32_t x)" },
    { library: fixtureLibrary, declaration: "int32_t no_such_function(int32_t x)" },
  ];
  it.each(missing)("where ffi has no native function: $declaration in $library", (binding) => {
    const service = defineService({
      name: "Missing",
      api: "ffi",
      methods: { present: { native }, absent: { native: binding } },
    });
    const create = () => createClient(service, { baseUrl: NOWHERE });
    expect(create).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
    expect(create).toThrow(/^Missing\.absent cannot be called: its api is "ffi" and /);
  });

  it("where a method has no way", () => {
    const create = () => createClient(Ways, { implementation: Ways });
    expect(create).toThrow(
      'Ways.far cannot be called: its api is "http" and the client has no baseUrl',
    );
  });
});

describe("a base URL is read as URL reads it", () => {
  const urls = [
    "http://localhost",
    "http://localhost:80/",
    "HTTPS://Example.COM:443/a/b///",
    "https://example.com:8443/a%20b/c d",
    "http://[::1]:9/",
    "http://127.1:9/@path/",
    "http://bücher.example/",
    "http:\\\\host\\path\\",
    "http:host/path",
    "http://@host:9/x",
    "http://host?",
    "http://host/a/?#",
    " http://host/a/../b ",
  ];
  it.each(urls)("%s", (baseUrl) => {
    const { origin, pathname } = new URL(baseUrl);
    const prefix = pathname.replace(/\/+$/, "");
    expect(parseBaseUrls(baseUrl)).toEqual([
      { target: baseUrl, origin, socketPath: undefined, prefix },
    ]);
    expect(new HttpTransport({ baseUrl }).target).toBe(baseUrl);
  });

  const refused = [
    "http://user@host",
    "http://:word@host",
    "http://host/?query",
    "http://host/#fragment",
    "http://host:65536",
    "http://",
    "file:///http://host",
    "httpx://host",
  ];
  it.each(refused)("%s is refused", (baseUrl) => {
    expect(() => parseBaseUrls(baseUrl)).toThrow(/^baseUrl must be "http:/);
  });
});

async function itemsOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
