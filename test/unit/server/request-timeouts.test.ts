import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../../../src/index.js";
import { createServer, type Server, type ServerOptions } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";
import { pause, REQUEST_TIMEOUT_MS, Words } from "./words.js";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions> = {}): Promise<string> {
  const server = createServer({
    services: [Words],
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    closeGraceMs: 100,
    logger: { error: () => undefined },
    ...options,
  });
  servers.push(server);
  return (await server.listen()).url;
}

/** Sends a request whose body stays behind; gives all that is answered until the end. */
async function sendHead(url: string, path: string, type: string, body: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const head = [`POST ${path} HTTP/1.1`, "host: x", `content-type: ${type}`, "content-length: 999"];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** A structured logger. */
function loggerTo(lines: unknown[]): NonNullable<ServerOptions["logger"]> {
  const levels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
  const write = (details: unknown): unknown => lines.push(details);
  const logger: NonNullable<ServerOptions["logger"]> = {
    ...{ level: "info", ...Object.fromEntries(levels.map((level) => [level, write])) },
    ...{ error: write, child: () => logger },
  };
  return logger;
}

async function* slowly(count: number): AsyncGenerator<string> {
  for (let i = 1; i <= count; i++) {
    yield String(i);
    await pause(REQUEST_TIMEOUT_MS / 3);
  }
}

describe("requestTimeoutMs", () => {
  it("does not bound a caller's stream that goes on", async () => {
    await using client = createClient(Words, { baseUrl: await start(), retries: 0 });
    expect(await client.join(slowly(6))).toBe("1 2 3 4 5 6");
  });

  it("does not bound one whose items wait for the handler", async () => {
    await using client = createClient(Words, { baseUrl: await start(), retries: 0 });
    const many = Array.from({ length: 8_000 }, () => "a word of some length, so that many wait");
    expect(await client.lateReader(many)).toBe(many.length);
  });

  it("does not count the time in which the server was too busy to read", async () => {
    const socket = connect(Number(new URL(await start()).port), "127.0.0.1");
    sockets.push(socket);
    const answer = new Promise<string>((resolve) => {
      socket.setEncoding("utf8").once("data", (text: string) => resolve(text));
    });
    const head =
      "POST /api/Words/join HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n";
    const first = '{"args":[]}\n{"seq":1,"item":"a"}\n';
    const rest = '{"seq":2,"item":"b"}\n{"seq":3,"end":true}\n';
    socket.write(`${head}content-length: ${first.length + rest.length}\r\n\r\n${first}`);
    await pause(1.3 * REQUEST_TIMEOUT_MS);
    // The rest is there, but the next turn of the event loop begins with timers.
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(rest);
    const end = performance.now() + 1.5 * REQUEST_TIMEOUT_MS;
    while (performance.now() < end);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"a b"$/);
  });

  it("ends a caller's stream of which nothing arrives any more", async () => {
    const first = '{"args":[]}\n{"seq":1,"item":"x"}\n';
    const answer = await sendHead(await start(), "/api/Words/join", "application/x-ndjson", first);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain("DEADLINE_EXCEEDED");
  });

  it("ends any other request that is not there in time, however it trickles", async () => {
    const url = await start();
    const trickle = setInterval(() => sockets[0]?.write(" "), 100);
    const answer = await sendHead(url, "/api/Words/echo", "application/json", '["x"');
    clearInterval(trickle);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("is counted and logged as what was answered", async () => {
    const lines: unknown[] = [];
    const url = await start({ metrics: true, logger: loggerTo(lines) });
    await sendHead(url, "/api/Words/echo", "application/json", '["x"');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics.match(/^nearfar_calls_total.*$/gm)).toEqual([
      'nearfar_calls_total{service="Words",method="echo",transport="http",code="DEADLINE_EXCEEDED"} 1',
    ]);
    const line = { method: "echo", code: "DEADLINE_EXCEEDED", status: 408 };
    expect(lines).toContainEqual(expect.objectContaining(line));
  });

  it("leaves connections alone that wait for their next request", async () => {
    await using client = createClient(Words, { baseUrl: await start(), retries: 0 });
    expect(await client.echo("one")).toBe("one");
    await pause(2.5 * REQUEST_TIMEOUT_MS);
    expect(await client.echo("two")).toBe("two");
  });
});

it("a caller's deadline ends its stream that goes on", async () => {
  await using client = createClient(Words, { baseUrl: await start(), retries: 0 });
  const failure = await failureOf(() => client.$with({ timeoutMs: 500 }).join(slowly(100)));
  expect(failure.code).toBe("DEADLINE_EXCEEDED");
});
