import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";

const Target = defineService({
  name: "Target",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x },
    length: {
      parameters: [t.param("text", t.string())],
      result: t.integer(),
      handler: (text) => text.length,
    },
  },
});

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer({
    services: [Target],
    headerTimeoutMs: 500,
    requestTimeoutMs: 1_000,
    headerLimitBytes: 8_192,
    maxConnections: 100,
  });
  ({ url } = await server.listen());
});
afterAll(() => server.close());

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** All that is answered to some bytes until the server ends the connection. */
async function answersTo(bytes: string | Buffer): Promise<string> {
  const socket = await open();
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(bytes);
  await closed;
  return answer;
}

async function stillAnswers(): Promise<void> {
  await using client = createClient(Target, { baseUrl: url });
  expect(await client.length("alive")).toBe(5);
}

const LINE = "POST /api/Target/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
/** What would be answered with "live" if it were taken for a second request. */
const SMUGGLED = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

describe("slow callers", () => {
  it("of headers that never end are told so and cut off, while others are answered", async () => {
    const slow = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await open();
        let answer = "";
        socket.on("data", (chunk: Buffer) => {
          answer += chunk.toString();
        });
        socket.write(LINE);
        const timer = setInterval(() => socket.write("x-slow: 1\r\n"), 50);
        const closed = new Promise<string>((resolve) => {
          socket.once("close", () => resolve(answer));
        });
        return closed.finally(() => clearInterval(timer));
      }).map(async (each) => ({ answer: await each })),
    );
    await stillAnswers();
    for (const { answer } of slow) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toContain('"code":"DEADLINE_EXCEEDED"');
    }
  });

  it("of bodies that never end are cut off too", async () => {
    const socket = await open();
    socket.write(`${LINE}content-length: 1000\r\n\r\n[`);
    const timer = setInterval(() => socket.write(" "), 50);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await closed;
    clearInterval(timer);
    await stillAnswers();
  });

  it("cannot take more connections than maxConnections", async () => {
    await Promise.all(Array.from({ length: 95 }, open));
    const more = await Promise.all(Array.from({ length: 20 }, open));
    const closed = more.map((socket) => once(socket, "close"));
    await Promise.any(closed);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(() => stillAnswers().then(() => true)).toBe(true);
  });
});

describe("requests that two servers could read differently", () => {
  const body = '["x"]';
  it.each([
    ["a length and chunks", `content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["two lengths", `content-length: 5\r\ncontent-length: 0\r\n\r\n${body}`],
    ["a list of lengths", `content-length: 5, 5\r\n\r\n${body}`],
    ["a length with a sign", `content-length: +5\r\n\r\n${body}`],
    ["chunks that are not last", "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
    ["an encoding that is misspelt", "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"],
    ["a space before the colon", `content-length : 5\r\n\r\n${body}`],
    ["a header on two lines", `content-length:\r\n 5\r\n\r\n${body}`],
    ["a line feed in a header", `x: a\ncontent-length: 5\r\n\r\n${body}`],
    ["a NUL in a header", `x: a\0b\r\ncontent-length: 5\r\n\r\n${body}`],
    ["a chunk of negative size", "transfer-encoding: chunked\r\n\r\n-5\r\n[]\r\n0\r\n\r\n"],
    ["a chunk size that wraps", "transfer-encoding: chunked\r\n\r\n10000000000000002\r\n[]\r\n"],
    ["a chunk longer than it says", "transfer-encoding: chunked\r\n\r\n2\r\n[]GET\r\n0\r\n\r\n"],
  ])("such as with %s are refused, and nothing after them is read", async (_, rest) => {
    const answer = await answersTo(`${LINE}${rest}${SMUGGLED}`);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(answer.match(/HTTP\/1\.1 /g) ?? []).toHaveLength(answer === "" ? 0 : 1);
    expect(answer).not.toContain('"live"');
    await stillAnswers();
  });
});

it("headers beyond their limit are refused with 431", async () => {
  const answer = await answersTo(`${LINE}x: ${"y".repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('"code":"RESOURCE_EXHAUSTED"');
});

describe("bodies", () => {
  async function post(body: string | Buffer, type = "application/json") {
    const headers = { "content-type": type };
    const options = { method: "POST", headers, body } as const;
    const response = await request(`${url}/api/Target/echo`, options);
    return { status: response.statusCode, text: await response.body.text() };
  }

  it("that are no UTF-8 are refused, not repaired", async () => {
    const surrogate = Buffer.from([0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d]);
    const overlong = Buffer.from([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d]);
    const cut = Buffer.from([0x5b, 0x22, 0xe2, 0x82, 0x22, 0x5d]);
    for (const bytes of [surrogate, overlong, cut, Buffer.from([0xff, 0xfe])]) {
      const { status, text } = await post(bytes);
      expect({ status, text }).toEqual({
        status: 400,
        text: expect.stringContaining("body must be UTF-8"),
      });
    }
  });

  it.each([
    ['[{"__proto__": {"polluted": true}}]'],
    ['[{"a": [{"\\u005f_proto__": 1}]}]'],
    ['[{"constructor": {"prototype": {"polluted": true}}}]'],
    ['{"__proto__": ["x"]}'],
  ])("with keys that would change a prototype are refused: %s", async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("with a key twice: the last counts, as JSON.parse has it everywhere", async () => {
    expect(await post('[{"a": 1, "a": 2}]')).toEqual({ status: 200, text: '{"a":2}' });
    expect(await post('{"x": 1, "x": 2}')).toEqual({ status: 200, text: "2" });
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-seq",
    "application/xml",
  ])("of type %s are refused with 415", async (type) => {
    expect((await post("[]", type)).status).toBe(415);
  });
});
