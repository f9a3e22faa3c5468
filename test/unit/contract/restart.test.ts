import { afterEach, describe, expect, it } from "vitest";
import { createClient, defineService, type ServiceClient, t } from "../../../src/index.js";
import { callContext, createServer, type Server } from "../../../src/server/index.js";

const CALLS = Number(process.env.NEARFAR_CONTRACT_CALLS ?? 1_000);

/** Counts the runs of each call, and streams numbers from where its caller stopped. */
function workService(runs: Map<number, number>) {
  return defineService({
    name: "Work",
    methods: {
      work: {
        parameters: [t.param("id", t.uint32())],
        result: t.uint32(),
        handler: async (id) => {
          runs.set(id, (runs.get(id) ?? 0) + 1);
          await new Promise((resolve) => setTimeout(resolve, id % 50));
          return id;
        },
      },
      numbers: {
        parameters: [t.param("n", t.uint32())],
        result: t.stream(t.uint32()),
        resumable: true,
        handler: async function* (n) {
          for (let i = (callContext().resumeAfter ?? 0) + 1; i <= n; i++) {
            yield i;
            if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          }
        },
      },
    },
  });
}

type Work = ReturnType<typeof workService>;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that can be killed: its connections are cut, as when its process is. */
class Killable {
  private readonly sockets = new Set<{ destroy(): void }>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.app.server.on("connection", (socket) => this.sockets.add(socket));
  }

  static async start(service: Work, port = 0): Promise<Killable> {
    const server = createServer({ services: [service], port, logger: { error: () => undefined } });
    closers.push(() => server.close());
    // Before it listens, so that no connection is missed.
    const killable = new Killable(server, port);
    const { url } = await server.listen();
    return Object.assign(killable, { port: Number(new URL(url).port) });
  }

  async kill(): Promise<void> {
    const closed = this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

describe.each(["http", "ws"])("a server that is killed and started again, %s", (scheme) => {
  async function connect(): Promise<{
    readonly client: ServiceClient<Work>;
    readonly runs: Map<number, number>;
    readonly restart: () => Promise<void>;
  }> {
    const runs = new Map<number, number>();
    const service = workService(runs);
    let server = await Killable.start(service);
    const { port } = server;
    const client = createClient(service, { baseUrl: `${scheme}://127.0.0.1:${port}`, retries: 10 });
    closers.push(() => client.$close());
    return {
      client,
      runs,
      restart: async () => {
        await server.kill();
        server = await Killable.start(service, port);
      },
    };
  }

  it(`runs none of ${CALLS} calls twice, and every caller is answered`, async () => {
    const { client, runs, restart } = await connect();
    await client.work(0);
    const calls = Array.from({ length: CALLS }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, (i * 200) / CALLS));
      return client.work(i + 1);
    });
    const outcomes = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 80));
    await restart();
    const settled = await outcomes;
    expect([...runs.values()].filter((count) => count > 1)).toEqual([]);
    const codes = settled.map((each) => (each.status === "rejected" ? each.reason.code : "OK"));
    expect(codes.filter((code) => code !== "OK" && code !== "UNAVAILABLE")).toEqual([]);
    expect(codes).toContain("OK");
    expect(await client.work(5_000_000)).toBe(5_000_000);
  });

  it("goes on with a resumable stream", async () => {
    const { client, restart } = await connect();
    let expected = 0;
    for await (const n of client.numbers(2_000)) {
      if (n !== ++expected) throw new Error(`item ${expected} was ${n}`);
      if (n === 500) await restart();
    }
    expect(expected).toBe(2_000);
  });
});
