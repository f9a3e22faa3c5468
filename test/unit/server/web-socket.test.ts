import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createClient, defineService, t } from "../../../src/index.js";
import { createServer, type Server, type ServerOptions } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";

const Echo = defineService({
  name: "Echo",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
    never: {
      parameters: [],
      result: t.null(),
      handler: () => new Promise<null>(() => undefined),
    },
    numbers: {
      parameters: [],
      result: t.stream(t.uint32()),
      handler: async function* () {
        for (let i = 1; ; i++) yield i;
      },
    },
    slow: {
      parameters: [t.param("words", t.stream(t.string()))],
      result: t.null(),
      handler: () => new Promise<null>(() => undefined),
    },
  },
});

const servers: Server[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions> = {}): Promise<string> {
  const server = createServer({ services: [Echo], logger: { error: () => undefined }, ...options });
  servers.push(server);
  const { url } = await server.listen();
  return url.replace("http:", "ws:");
}

/** A socket as a page of a browser has it, without nearfar's client. */
class Peer {
  private readonly frames: unknown[] = [];
  private wake: (() => void) | undefined;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      this.frames.push(...[JSON.parse(String(data))].flat());
      this.wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  static async connect(url: string): Promise<Peer> {
    const socket = new WebSocket(`${url}/api`, "nearfar.v1");
    sockets.push(socket);
    const peer = new Peer(socket);
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    return peer;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  async next(): Promise<unknown> {
    while (this.frames.length === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.frames.shift();
  }
}

/** The status with which an upgrade is refused. */
async function refusalOf(url: string, protocol: string | undefined, origin?: string) {
  const options = origin === undefined ? {} : { origin };
  const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], options);
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.on("open", () => reject(new Error("it was accepted")));
    socket.on("error", (error) => resolve(error.message));
  });
}

const call = (id: number, method: string, more: object = {}) => ({
  type: "call",
  id,
  service: "Echo",
  method,
  args: [],
  ...more,
});

describe("the protocol", () => {
  it("answers many calls over one socket, in whatever order they end", async () => {
    const peer = await Peer.connect(await start());
    peer.send([call(1, "never"), call(2, "echo", { args: ["two"] })]);
    peer.send(call(3, "echo", { args: { x: "three" } }));
    expect(await peer.next()).toEqual({ type: "result", id: 2, value: "two" });
    expect(await peer.next()).toEqual({ type: "result", id: 3, value: "three" });
  });

  it("tells of errors with their code", async () => {
    const peer = await Peer.connect(await start());
    peer.send(call(1, "ech"));
    peer.send(call(2, "echo", { args: [5] }));
    const unknown = 'unknown method of Echo "ech"; known: echo, never, numbers, slow';
    expect(await peer.next()).toEqual({
      type: "error",
      id: 1,
      error: { code: "NOT_FOUND", detail: unknown },
    });
    expect(await peer.next()).toEqual({
      type: "error",
      id: 2,
      error: { code: "INVALID_ARGUMENT", detail: "argument 1 (x) must be a string, got 5" },
    });
  });

  it("sends no more items than were granted", async () => {
    const peer = await Peer.connect(await start());
    peer.send(call(1, "numbers", { credit: 2 }));
    expect(await peer.next()).toEqual({ type: "item", id: 1, seq: 1, item: 1 });
    expect(await peer.next()).toEqual({ type: "item", id: 1, seq: 2, item: 2 });
    peer.send(call(2, "echo", { args: ["after"] }));
    expect(await peer.next()).toEqual({ type: "result", id: 2, value: "after" });
    peer.send({ type: "credit", id: 1, count: 1 });
    expect(await peer.next()).toEqual({ type: "item", id: 1, seq: 3, item: 3 });
    peer.send({ type: "cancel", id: 1 });
  });

  it("ends a call at its deadline", async () => {
    const peer = await Peer.connect(await start());
    peer.send(call(1, "never", { timeoutMs: 10 }));
    expect(await peer.next()).toMatchObject({ id: 1, error: { code: "DEADLINE_EXCEEDED" } });
  });

  it("refuses calls beyond ten thousand at a time", async () => {
    const peer = await Peer.connect(await start());
    peer.send(Array.from({ length: 10_001 }, (_, i) => call(i + 1, "never")));
    expect(await peer.next()).toEqual({
      type: "error",
      id: 10_001,
      error: { code: "RESOURCE_EXHAUSTED", detail: "a socket may have 10000 calls under way" },
    });
  });

  const broken: [name: string, message: string, reason: string][] = [
    ["no JSON", "{", "a message must be valid JSON"],
    ["a poisoned key", '{"type":"cancel","id":1,"__proto__":{}}', "a message must be valid JSON"],
    ["no object", "5", "a frame must be an object"],
    ["no id", '{"type":"cancel"}', "id must be a positive integer"],
    ["no type", '{"id":1}', "type must be call, item, end, credit or cancel"],
    ["no method", '{"type":"call","id":1,"service":"Echo"}', "service and method must be strings"],
    [
      "an endless credit",
      '{"type":"credit","id":1,"count":1e9}',
      "count must be an integer from 1 to 65535",
    ],
    [
      "a bad header",
      '{"type":"call","id":1,"service":"Echo","method":"echo","headers":{"A":"b"}}',
      "headers must be strings by names in lower case",
    ],
  ];
  it.each(broken)("closes the socket for %s", async (_, message, reason) => {
    const peer = await Peer.connect(await start());
    peer.send(message);
    expect(await peer.closed).toEqual({ code: 1008, reason });
  });

  it("closes the socket for a message that is too long", async () => {
    const peer = await Peer.connect(await start({ bodyLimitBytes: 1_000 }));
    peer.send(call(1, "echo", { args: ["x".repeat(1_000)] }));
    expect((await peer.closed).code).toBe(1009);
  });

  it("cuts a stream that is sent faster than it is read and granted", async () => {
    const peer = await Peer.connect(await start());
    peer.send(call(1, "slow", { timeoutMs: 2_000 }));
    expect(await peer.next()).toEqual({ type: "credit", id: 1, count: 64 });
    for (let seq = 1; seq <= 300; seq++) peer.send({ type: "item", id: 1, seq, item: "word" });
    peer.send(call(2, "echo", { args: ["still here"] }));
    expect(await peer.next()).toEqual({ type: "result", id: 2, value: "still here" });
  });
});

describe("the upgrade", () => {
  it("is refused without the protocol, and to pages of other hosts", async () => {
    const url = await start();
    expect(await refusalOf(`${url}/api`, undefined)).toMatch(/400/);
    expect(await refusalOf(`${url}/api`, "chat")).toMatch(/400/);
    expect(await refusalOf(`${url}/api`, "nearfar.v1", "https://evil.example")).toMatch(/403/);
    expect(await refusalOf(`${url}/elsewhere`, "nearfar.v1")).toMatch(/404/);
  });

  it("is granted to pages of this host, and of origins that are named", async () => {
    const url = await start({ webSocketOrigins: ["https://app.example"] });
    for (const origin of [url.replace("ws:", "http:"), "https://app.example"]) {
      const socket = new WebSocket(`${url}/api`, "nearfar.v1", { origin });
      sockets.push(socket);
      await new Promise((resolve, reject) => {
        socket.on("open", resolve);
        socket.on("error", reject);
      });
    }
  });
});

describe("the end", () => {
  it("of a server waits for calls under way, and refuses new ones", async () => {
    const url = await start();
    const peer = await Peer.connect(url);
    peer.send(call(1, "never", { timeoutMs: 200 }));
    peer.send(call(2, "echo", { args: ["x"] }));
    await peer.next();
    const closing = servers[0]?.close();
    peer.send(call(3, "echo", { args: ["late"] }));
    const frames = [await peer.next(), await peer.next()];
    expect(frames).toContainEqual(
      expect.objectContaining({
        id: 1,
        error: expect.objectContaining({ code: "DEADLINE_EXCEEDED" }),
      }),
    );
    expect(frames).toContainEqual({
      type: "error",
      id: 3,
      error: { code: "UNAVAILABLE", detail: "the server is closing" },
    });
    expect((await peer.closed).code).toBe(1001);
    await closing;
  });

  it("of the connection fails the calls under way; the next one connects again", async () => {
    const server = createServer({ services: [Echo] });
    servers.push(server);
    const connections: { destroy(): void }[] = [];
    server.app.server.on("connection", (socket) => connections.push(socket));
    const { url } = await server.listen();
    const client = createClient(Echo, { baseUrl: url.replace("http:", "ws:"), retries: 0 });
    expect(await client.echo("one")).toBe("one");
    const call = client.never();
    const failure = failureOf(() => call);
    for (const connection of connections) connection.destroy();
    expect((await failure).code).toBe("UNAVAILABLE");
    expect(await client.echo("two")).toBe("two");
    await client.$close();
  });

  it("of a client waits for its calls", async () => {
    const client = createClient(Echo, { baseUrl: await start() });
    const results = Promise.all([client.echo("a"), client.echo("b")]);
    await client.echo("open");
    await client.$close();
    expect(await results).toEqual(["a", "b"]);
    expect((await failureOf(() => client.echo("c"))).code).toBe("FAILED_PRECONDITION");
  });
});

describe("a client", () => {
  it("is told where nobody listens", async () => {
    const client = createClient(Echo, { baseUrl: "ws://127.0.0.1:1", retries: 0 });
    const failure = await failureOf(() => client.echo("x"));
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toMatch(/cannot reach ws:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  it.each(["ws:", "ws://user@host", "wss://host/?q", "ws+unix:"])("refuses %s", (baseUrl) => {
    expect(() => createClient(Echo, { baseUrl })).toThrow(/url must be "ws:\/\/host:port"/);
  });

  it("has no options of HTTP", () => {
    expect(() => createClient(Echo, { baseUrl: "ws://127.0.0.1:1", maxConnections: 5 })).toThrow(
      "maxConnections does not apply to ws://127.0.0.1:1",
    );
  });
});

describe("limits hold for the calls of sockets", () => {
  const connect = (baseUrl: string) => createClient(Echo, { baseUrl, retries: 0 });

  it("one at a time, the next when it is over or cancelled, and none beyond the queue", async () => {
    const url = await start({ limits: { concurrentCalls: 1, queuedCalls: 1 } });
    await using client = connect(url);
    const first = new AbortController();
    const running = failureOf(() => client.$with({ signal: first.signal }).never());
    const waiting = client.echo("in the queue");
    const third = await failureOf(() => client.echo("too many"));
    expect(third).toEqual({ code: "UNAVAILABLE", message: "the server is busy" });
    first.abort();
    expect((await running).code).toBe("CANCELLED");
    expect(await waiting).toBe("in the queue");
    expect(await client.echo("after that")).toBe("after that");
  });

  it("a call that is cancelled in the queue, or whose socket goes, leaves its place", async () => {
    const url = await start({ limits: { concurrentCalls: 1, queuedCalls: 1 } });
    const peer = await Peer.connect(url);
    peer.send([call(1, "never"), call(2, "never"), call(3, "never")]);
    expect(await peer.next()).toMatchObject({ type: "error", id: 3 });
    peer.send([{ type: "cancel", id: 2 }, call(4, "never"), call(5, "never")]);
    expect(await peer.next()).toMatchObject({ type: "error", id: 5 });
    peer.socket.terminate();
    await using client = connect(url);
    await expect.poll(() => client.echo("free").catch(() => "busy")).toBe("free");
  });

  it("so many a second of a caller", async () => {
    const url = await start({ limits: { callsPerSecond: 1, burst: 2 } });
    await using client = connect(url);
    expect(await client.echo("a")).toBe("a");
    expect(await client.echo("b")).toBe("b");
    expect((await failureOf(() => client.echo("c"))).code).toBe("RESOURCE_EXHAUSTED");
  });
});
