import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, defineService, HttpTransport, ServiceError, t } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { loadCbor } from "../../../src/service/cbor/cbor.js";

const Echo = defineService({
  name: "Echo",
  methods: {
    all: {
      parameters: [
        t.param("bytes", t.bytes()),
        t.param("data", t.data()),
        t.param("id", t.int64()),
        t.param("at", t.datetime()),
        t.param("ratio", t.optional(t.float64())),
      ],
      result: t.object({
        bytes: t.bytes(),
        data: t.data(),
        id: t.int64(),
        at: t.datetime(),
        ratio: t.optional(t.float64()),
      }),
      handler: (bytes, data, id, at, ratio) => ({
        ...{ bytes, data, id, at },
        ...(ratio !== undefined && { ratio }),
      }),
    },
    text: {
      parameters: [t.param("text", t.string())],
      result: t.string(),
      handler: (text) => text,
    },
    half: { parameters: [t.param("d", t.data())], result: t.string(), handler: () => "\ud800" },
  },
});

const server = createServer({ services: [Echo], logger: { error: () => undefined } });
/** Content types of requests and answers. */
const seen: string[] = [];
server.app.addHook("onSend", async (request, reply) => {
  seen.push(`${request.headers["content-type"]} -> ${reply.getHeader("content-type")}`);
});
let url = "";
beforeAll(async () => {
  ({ url } = await server.listen());
});
afterAll(() => server.close());

const JSON_TYPE = "application/json; charset=utf-8";
const CBOR = "application/cbor";

async function post(body: Uint8Array | string, headers: Record<string, string>) {
  return fetch(`${url}/api/Echo/all`, { method: "POST", headers, body });
}

describe("a client and a server that have CBOR", () => {
  it("speak it where bytes are carried, and give what JSON would", async () => {
    const args = [
      new Uint8Array([0, 255]),
      new Uint8Array([1]),
      -(2n ** 63n),
      new Date("2026-11-21T14:30:00.123Z"),
      -0,
    ] as const;
    const [bytes, data, id, at, ratio] = args;
    const expected = { bytes, data, id, at, ratio };
    seen.length = 0;
    await using client = createClient(Echo, { baseUrl: url });
    for (let round = 0; round < 2; round++) expect(await client.all(...args)).toEqual(expected);
    await using plain = createClient(Echo, { baseUrl: url, cbor: false });
    expect(await plain.all(...args)).toEqual(expected);
    expect(seen).toEqual([
      `application/json -> ${CBOR}`,
      `${CBOR} -> ${CBOR}`,
      `application/json -> ${JSON_TYPE}`,
    ]);
  });

  it("leave methods without bytes to JSON", async () => {
    seen.length = 0;
    await using client = createClient(Echo, { baseUrl: url });
    expect(await client.text("a")).toBe("a");
    expect(await client.text("b")).toBe("b");
    expect(seen).toEqual(new Array(2).fill(`application/json -> ${JSON_TYPE}`));
  });

  it("check arguments in CBOR as they do in JSON", async () => {
    const cbor = await loadCbor();
    const body = cbor?.encode({ bytes: "AA==", data: "", id: 1, at: new Date(0) }) ?? "";
    const response = await post(body, { "content-type": CBOR });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: "argument 1 (bytes) must be a byte string, got a string of 4 characters",
    });
  });

  it("refuse CBOR that is broken or hostile", async () => {
    for (const hex of ["", "9f00ff", "a2616101616102", "81".repeat(10_000)]) {
      const response = await post(Buffer.from(hex, "hex"), { "content-type": CBOR });
      expect(response.status, hex.slice(0, 16)).toBe(400);
      expect(await response.json()).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });

  it("tell what CBOR cannot hold", async () => {
    await using client = createClient(Echo, { baseUrl: url });
    const failure = client.half("x").catch((error: unknown) => error);
    expect(await failure).toBeInstanceOf(ServiceError);
    expect(await failure).toMatchObject({
      code: "INTERNAL",
      message: "result: text with half of a surrogate pair cannot be sent as CBOR",
    });
  });

  it("answer in JSON unless CBOR is wanted", async () => {
    const body = JSON.stringify(["", "", 1, "2026-11-21T00:00:00Z"]);
    const typeFor = async (accept: string) => {
      const response = await post(body, { "content-type": "application/json", accept });
      return response.headers.get("content-type");
    };
    expect(await typeFor("*/*")).toBe(JSON_TYPE);
    expect(await typeFor("application/cbor;q=0, */*")).toBe(JSON_TYPE);
    expect(await typeFor("application/json, Application/CBOR")).toBe(CBOR);
    expect(await typeFor("text/html, application/cbor; q=0.5")).toBe(CBOR);
  });
});

describe("a server that does not read CBOR any more", () => {
  it("gets the call again as JSON, and every other after it", async () => {
    const transport = new HttpTransport({ baseUrl: url });
    await using client = createClient(Echo, { transport });
    const call = () => client.all(new Uint8Array(1), "", 1, new Date(0));
    await call();
    const old = createServer({ services: [Echo] });
    const types: unknown[] = [];
    old.app.addHook("onRequest", async (request) => {
      types.push(request.headers["content-type"]);
      if (request.headers["content-type"] === CBOR) request.headers["content-type"] = "text/x-old";
    });
    await server.close();
    const port = Number(new URL(url).port);
    await old.app.listen({ port });
    await call();
    await call();
    expect(types[0]).toBe(CBOR);
    expect(types.slice(1)).not.toContain(CBOR);
    await transport.close();
    await old.close();
  });
});

describe("a method that takes a stream", () => {
  it("answers in CBOR whom asks for it", async () => {
    const Store = defineService({
      name: "Store",
      methods: {
        put: {
          parameters: [t.param("parts", t.stream(t.bytes()))],
          result: t.object({ size: t.int64(), first: t.bytes() }),
          handler: async (parts) => {
            const all: Uint8Array[] = [];
            for await (const part of parts) all.push(part);
            return { size: BigInt(all.length), first: all[0] ?? new Uint8Array() };
          },
        },
      },
    });
    const store = createServer({ services: [Store] });
    const listening = await store.listen();
    const response = await fetch(`${listening.url}/api/Store/put`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", accept: CBOR },
      body: '{"args":[]}\n{"seq":1,"item":"AQI="}\n{"seq":2,"end":true}\n',
    });
    expect(response.headers.get("content-type")).toBe(CBOR);
    const cbor = await loadCbor();
    const body = new Uint8Array(await response.arrayBuffer());
    expect(cbor?.decode(body)).toEqual({ size: 1, first: new Uint8Array([1, 2]) });
    await store.close();
  });
});
