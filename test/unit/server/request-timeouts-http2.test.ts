import { once } from "node:events";
import { type ClientHttp2Stream, connect, constants, type ServerHttp2Stream } from "node:http2";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../../src/index.js";
import { createServer, type ServerOptions } from "../../../src/server/index.js";
import { type Certificate, makeAuthority, sign } from "../../support/certificates.js";
import { abortedHandler, pause, REQUEST_TIMEOUT_MS, Words } from "./words.js";

let authority: Certificate;
let own: Certificate;
beforeAll(() => {
  authority = makeAuthority("timeouts");
  own = sign(authority, "127.0.0.1", "IP:127.0.0.1");
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** As the servers see them. */
let streams: ServerHttp2Stream[] = [];

async function start(options: Partial<ServerOptions> = {}): Promise<string> {
  streams = [];
  const server = createServer({
    services: [Words],
    tls: { cert: own.cert, key: own.key },
    http2: true,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    closeGraceMs: 100,
    logger: { error: () => undefined },
    ...options,
  });
  closers.push(() => server.close());
  server.app.server.on("stream", (stream: ServerHttp2Stream) => streams.push(stream));
  return (await server.listen()).url;
}

async function clientOf(url: string) {
  const client = createClient(Words, {
    baseUrl: url,
    http2: true,
    tls: { ca: authority.cert },
    retries: 0,
  });
  closers.push(() => client.$close());
  return client;
}

function sessionOf(url: string) {
  const session = connect(url, { ca: authority.cert });
  closers.push(() => session.destroy());
  return session;
}

function post(session: ReturnType<typeof sessionOf>, method: string, type: string) {
  const path = `/api/Words/${method}`;
  return session.request({ ":method": "POST", ":path": path, "content-type": type });
}

/** What is answered. */
async function answerOf(stream: ClientHttp2Stream) {
  let body = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    body += text;
  });
  const [[headers]] = await Promise.all([once(stream, "response"), once(stream, "end")]);
  return { status: headers[":status"], body: JSON.parse(body) };
}

async function* slowly(count: number): AsyncGenerator<string> {
  for (let i = 1; i <= count; i++) {
    yield String(i);
    await pause(REQUEST_TIMEOUT_MS / 3);
  }
}

describe("requestTimeoutMs, over HTTP/2,", () => {
  it("ends a request that is not there in time, however it trickles, and no other", async () => {
    const session = sessionOf(await start());
    const slow = post(session, "echo", "application/json");
    slow.write('["x"');
    const trickle = setInterval(() => slow.writable && slow.write(" "), 100);
    closers.push(() => clearInterval(trickle));
    expect(await answerOf(slow)).toEqual({
      status: 408,
      body: expect.objectContaining({ code: "DEADLINE_EXCEEDED", status: 408 }),
    });
    clearInterval(trickle);
    // Reset, so that its caller stops sending, and gone.
    const [reset] = streams;
    while (reset?.destroyed !== true) await pause(5);
    expect(reset.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    const other = post(session, "echo", "application/json");
    other.end('["y"]');
    expect(await answerOf(other)).toMatchObject({ status: 200, body: "y" });
  });

  it("is counted as what was answered", async () => {
    const session = sessionOf(await start({ metrics: true }));
    const slow = post(session, "echo", "application/json");
    slow.write('["x"');
    await answerOf(slow);
    const [reset] = streams;
    while (reset?.destroyed !== true) await pause(5);
    const metrics = session.request({ ":path": "/metrics" });
    const text = (await metrics.setEncoding("utf8").toArray()).join("");
    expect(text.match(/^nearfar_calls_total.*$/gm)).toEqual([
      'nearfar_calls_total{service="Words",method="echo",transport="http",code="DEADLINE_EXCEEDED"} 1',
    ]);
  });

  it("leaves a request alone that is there, however long its answer takes", async () => {
    const client = await clientOf(await start());
    expect(await client.slow()).toBe("slow");
  });

  it("does not bound a caller's stream that goes on", async () => {
    const client = await clientOf(await start());
    expect(await client.join(slowly(6))).toBe("1 2 3 4 5 6");
  });

  it("does not bound one whose items wait for the handler", async () => {
    const client = await clientOf(await start());
    const many = Array.from({ length: 8_000 }, () => "a word of some length, so that many wait");
    expect(await client.lateReader(many)).toBe(many.length);
  });

  it("ends a caller's stream of which nothing arrives any more, and tells its handler", async () => {
    const aborted = abortedHandler();
    const stream = post(sessionOf(await start()), "waits", "application/x-ndjson");
    stream.write('{"args":[]}\n{"seq":1,"item":"x"}\n');
    expect(await answerOf(stream)).toMatchObject({ status: 408 });
    await aborted;
  });
});
