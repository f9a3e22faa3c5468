import { once } from "node:events";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, type Server } from "../../../src/server/index.js";
import {
  answerOn,
  answersTo,
  closeSockets,
  ECHO_HEAD,
  openSocket,
  stillAnswers,
  Target,
} from "./target.js";

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

/** What would be answered with "live" if it were taken for a second request. */
const SMUGGLED = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

describe("slow callers", () => {
  /** What a caller is answered that sends a little again and again and never ends. */
  async function drip(start: string, part: string): Promise<string> {
    const socket = await openSocket(url);
    const answer = answerOn(socket);
    socket.write(start);
    const timer = setInterval(() => socket.write(part), 50);
    return answer.finally(() => clearInterval(timer));
  }

  it("of headers that never end are told so and cut off, while others are answered", async () => {
    const slow = Array.from({ length: 20 }, () => drip(ECHO_HEAD, "x-slow: 1\r\n"));
    await stillAnswers(url);
    for (const answer of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toContain('"code":"DEADLINE_EXCEEDED"');
    }
  });

  it.each([
    ["of a known length", "content-length: 1000\r\n\r\n[", " "],
    ["in chunks", "transfer-encoding: chunked\r\n\r\n", "1\r\n \r\n"],
    ["in a chunk extension", "transfer-encoding: chunked\r\n\r\n1;x=", "y"],
  ])("of bodies %s that never end are told so and cut off too", async (_, start, part) => {
    expect(await drip(`${ECHO_HEAD}${start}`, part)).toMatch(/^HTTP\/1\.1 408 /);
    await stillAnswers(url);
  });

  it("that say nothing at all are cut off", async () => {
    expect(await answerOn(await openSocket(url))).toMatch(/^(HTTP\/1\.1 408 |$)/);
    await stillAnswers(url);
  });

  it("cannot take more connections than maxConnections", async () => {
    await Promise.all(Array.from({ length: 95 }, () => openSocket(url)));
    const more = await Promise.all(Array.from({ length: 20 }, () => openSocket(url)));
    const closed = more.map((socket) => once(socket, "close"));
    await Promise.any(closed);
    closeSockets();
    await expect.poll(() => stillAnswers(url).then(() => true)).toBe(true);
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
    ["a length twice, the same", `content-length: 5\r\ncontent-length: 5\r\n\r\n${body}`],
    ["a length in another base", `content-length: 0x5\r\n\r\n${body}`],
    ["a length that wraps", `content-length: 18446744073709551621\r\n\r\n${body}`],
    ["chunks and a length", `transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`],
    ["chunks twice", "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["chunks twice in one", "transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n"],
    ["chunks after a tab", "transfer-encoding:\x0bchunked\r\n\r\n0\r\n\r\n"],
    ["chunks in quotes", 'transfer-encoding: "chunked"\r\n\r\n0\r\n\r\n'],
    ["chunks with a parameter", "transfer-encoding: chunked;x=1\r\n\r\n0\r\n\r\n"],
    ["a space before the colon of chunks", "transfer-encoding : chunked\r\n\r\n0\r\n\r\n"],
    ["chunks on two lines", "transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n"],
    ["a header on two lines", `content-length:\r\n 5\r\n\r\n${body}`],
    ["a first header on two lines", `x: a\r\n b\r\ncontent-length: 5\r\n\r\n${body}`],
    ["line feeds alone", `content-length: 5\n\n${body}`],
    ["a carriage return alone", `x: a\rcontent-length: 5\r\n\r\n${body}`],
    ["two hosts", `host: y\r\ncontent-length: 5\r\n\r\n${body}`],
    ["chunk sizes that end in a line feed", "transfer-encoding: chunked\r\n\r\n2\n[]\r\n0\r\n\r\n"],
    ["a chunk size in base 16 with 0x", "transfer-encoding: chunked\r\n\r\n0x2\r\n[]\r\n0\r\n\r\n"],
    ["a line feed in a header", `x: a\ncontent-length: 5\r\n\r\n${body}`],
    ["a NUL in a header", `x: a\0b\r\ncontent-length: 5\r\n\r\n${body}`],
    ["a chunk of negative size", "transfer-encoding: chunked\r\n\r\n-5\r\n[]\r\n0\r\n\r\n"],
    ["a chunk size that wraps", "transfer-encoding: chunked\r\n\r\n10000000000000002\r\n[]\r\n"],
    ["a chunk longer than it says", "transfer-encoding: chunked\r\n\r\n2\r\n[]GET\r\n0\r\n\r\n"],
  ])("such as with %s are refused, and nothing after them is read", async (_, rest) => {
    const answer = await answersTo(url, `${ECHO_HEAD}${rest}${SMUGGLED}`);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(answer.match(/HTTP\/1\.1 /g) ?? []).toHaveLength(answer === "" ? 0 : 1);
    expect(answer).not.toContain('"live"');
    await stillAnswers(url);
  });
});

it("a request without a host is refused", async () => {
  const answer = await answersTo(url, "GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it("a WebSocket of two hosts is refused", async () => {
  const head =
    "GET /api HTTP/1.1\r\nhost: x\r\nHost: y\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
    "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" +
    "sec-websocket-protocol: nearfar.v1\r\n\r\n";
  expect(await answersTo(url, head)).toMatch(/^HTTP\/1\.1 400 /);
});

it("headers beyond their limit are refused with 431", async () => {
  const answer = await answersTo(url, `${ECHO_HEAD}x: ${"y".repeat(20_000)}\r\n\r\n`);
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

  it("that are whole and bad leave the connection to the next call", async () => {
    const socket = await openSocket(url);
    const bodies = ["", "[", "\xff", '[{"__proto__": 1}]', '[{"a": 1, "a": 2}]', "[".repeat(2000)];
    for (const body of [...bodies, '["good"]']) {
      const answered = once(socket, "data");
      socket.write(`${ECHO_HEAD}content-length: ${body.length}\r\n\r\n`);
      socket.write(body, "latin1");
      const [answer] = (await answered) as [Buffer];
      expect(answer.toString()).toMatch(body === '["good"]' ? /"good"$/ : /^HTTP\/1\.1 400 /);
      expect(answer.toString()).not.toMatch(/^connection: close/im);
    }
  });

  it("that are too long end it", async () => {
    const answer = await answersTo(url, `${ECHO_HEAD}content-length: ${2 ** 30}\r\n\r\n[`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain("\r\nconnection: close\r\n");
  });

  it("may begin with a byte order mark", async () => {
    expect(await post('\ufeff["x"]')).toEqual({ status: 200, text: '"x"' });
  });

  it("may have the character that stands for bytes that are none", async () => {
    const body = '["\ufffd and more"]';
    expect(await post(body)).toEqual({ status: 200, text: body.slice(1, -1) });
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
