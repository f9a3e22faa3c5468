import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";
import { answersTo, ECHO_HEAD, openSocket, stillAnswers, Target } from "./target.js";

const MEBIBYTE = 1024 * 1024;

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer({ services: [Target], logger: { error: () => undefined } });
  ({ url } = await server.listen());
});
afterAll(() => server.close());

const head = (length: number | string): string => `${ECHO_HEAD}content-length: ${length}\r\n\r\n`;

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
    const socket = await openSocket(url);
    const chunk = `${MEBIBYTE.toString(16)}\r\n${" ".repeat(MEBIBYTE)}\r\n`;
    socket.write(`${ECHO_HEAD}transfer-encoding: chunked\r\n\r\n`);
    for (let sent = 0; sent <= 16; sent++) socket.write(chunk);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    await stillAnswers(url);
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
    await stillAnswers(url);
  });

  it("survives requests that stop in the middle", async () => {
    for (const part of ["POST /api/Target", head(1000), `${head(1000)}["x`, `${head(9)}`]) {
      const socket = await openSocket(url);
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
    }
    await stillAnswers(url);
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["a length that is no number", head("many")],
    ["a length that is negative", head("-5")],
    ["two lengths", head("2\r\ncontent-length: 3")],
    ["a length and chunks", head("2\r\ntransfer-encoding: chunked")],
    ["a header of 100 KB", `GET / HTTP/1.1\r\nx: ${"y".repeat(100_000)}\r\n\r\n`],
  ])("answers %s with a 4xx status or a closed connection", async (_, request) => {
    const answer = await answersTo(url, request);
    expect(answer === "" || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
    await stillAnswers(url);
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
