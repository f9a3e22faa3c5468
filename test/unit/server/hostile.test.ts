import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";

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

const MEBIBYTE = 1024 * 1024;

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer({ services: [Target], logger: { error: () => undefined } });
  ({ url } = await server.listen());
});
afterAll(() => server.close());

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

const head = (length: number | string): string =>
  `POST /api/Target/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
  `content-length: ${length}\r\n\r\n`;

async function stillAnswers(): Promise<void> {
  await using client = createClient(Target, { baseUrl: url });
  expect(await client.length("alive")).toBe(5);
}

describe("a server", () => {
  it("refuses a 100 MB body by name of its limit, and goes on", async () => {
    const client = createClient(Target, { baseUrl: url });
    const failure = await failureOf(() => client.length("x".repeat(100 * MEBIBYTE)));
    expect(failure).toEqual({
      code: "RESOURCE_EXHAUSTED",
      message: `body must be at most ${16 * MEBIBYTE} bytes`,
    });
    expect(await client.length("the same client works on")).toBe(24);
    await client.$close();
  });

  it("refuses an endless chunked body", async () => {
    const socket = await open();
    const chunk = `${MEBIBYTE.toString(16)}\r\n${" ".repeat(MEBIBYTE)}\r\n`;
    socket.write(
      "POST /api/Target/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" +
        "transfer-encoding: chunked\r\n\r\n",
    );
    for (let sent = 0; sent <= 16; sent++) socket.write(chunk);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    await stillAnswers();
  });

  it("survives nesting a million levels deep", async () => {
    const depth = 1_000_000;
    const body = `[${"[".repeat(depth)}${"]".repeat(depth)}]`;
    for (const method of ["echo", "length"]) {
      const response = await fetch(`${url}/api/Target/${method}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      expect([400, 500]).toContain(response.status);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      await response.text();
    }
    await stillAnswers();
  });

  it("survives requests that stop in the middle", async () => {
    for (const part of ["POST /api/Target", head(1000), `${head(1000)}["x`, `${head(9)}`]) {
      const socket = await open();
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
    }
    await stillAnswers();
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["a length that is no number", head("many")],
    ["a length that is negative", head("-5")],
    ["two lengths", head("2\r\ncontent-length: 3")],
    ["a length and chunks", head("2\r\ntransfer-encoding: chunked")],
    ["a header of 100 KB", `GET / HTTP/1.1\r\nx: ${"y".repeat(100_000)}\r\n\r\n`],
  ])("answers %s with a 4xx status or a closed connection", async (_, request) => {
    const socket = await open();
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    const closed = new Promise((resolve) => socket.once("close", resolve)); // Also by a reset.
    socket.write(request);
    await closed;
    expect(answer === "" || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
    await stillAnswers();
  });

  it.each([
    "/api/",
    "/api//",
    "/api/%2e%2e/x",
    "/api/Target/%00",
    "/api/%ff/x",
    `/api/${"x".repeat(4000)}`,
  ])("answers the path %s with a problem", async (path) => {
    const response = await fetch(url + path, { method: "POST", body: "[]" });
    expect([400, 404, 414]).toContain(response.status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect((await response.text()).length).toBeLessThan(1000);
  });
});
