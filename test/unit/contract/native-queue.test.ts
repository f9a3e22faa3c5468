import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type ClientOptions,
  createClient,
  defineService,
  type Interceptor,
} from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { inMemoryTransport } from "../../../src/testing/index.js";
import { openThreads, threadsLibrary, until } from "../../support/calls-library.js";
import { failureOf } from "../client/servers.js";

const Native = defineService({
  name: "Native",
  methods: {
    /** Leaves its number where `place` finds it. */
    mark: {
      native: {
        library: threadsLibrary,
        declaration: "void enter_and_leave(int32_t number)",
        async: true,
      },
    },
    hold: {
      native: {
        library: threadsLibrary,
        declaration: "int32_t wait_at_gate(int32_t x)",
        async: true,
      },
    },
    place: { native: { library: threadsLibrary, declaration: "int32_t place(int32_t index)" } },
  },
});

let c: ReturnType<typeof openThreads>["functions"];
beforeAll(() => {
  // Read by the pool when it starts: with one thread, one held call keeps all others waiting.
  process.env.NEARFAR_THREADS = "1";
  c = openThreads().functions;
});

const closers: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  c.forgetPlaces();
  c.setGate(0);
});
afterEach(async () => {
  c.setGate(1);
  for (const close of closers.splice(0)) await close();
});

/** How far the calls of `mark` on the other side have come. */
interface Progress {
  queued: number;
  left: number;
}

function watching(progress: Progress): Interceptor {
  return async (request, next) => {
    if (request.method !== "mark") return next(request);
    const answer = next(request);
    progress.queued++;
    return answer.catch((error: unknown) => {
      progress.left++;
      throw error;
    });
  };
}

async function serve(
  progress: Progress,
  options: (url: string) => ClientOptions,
): Promise<ClientOptions> {
  const interceptors = [watching(progress)];
  const logger = { error: () => undefined };
  const server: Server = createServer({ services: [Native], interceptors, logger });
  closers.push(() => server.close());
  return options((await server.listen()).url);
}

type Connect = (progress: Progress) => Promise<ClientOptions>;
const WAYS: [name: string, connect: Connect][] = [
  ["near", async () => ({})],
  [
    "in memory",
    async (progress) => {
      const interceptors = [watching(progress)];
      return { mode: "http", transport: inMemoryTransport([Native], { interceptors }) };
    },
  ],
  ["HTTP", (progress) => serve(progress, (baseUrl) => ({ mode: "http", baseUrl }))],
  [
    "WebSocket",
    (progress) =>
      serve(progress, (url) => ({ mode: "http", baseUrl: url.replace("http:", "ws:") })),
  ],
];

describe.each(WAYS)("a call of an async native function, %s,", (name, connect) => {
  async function open() {
    const progress: Progress = { queued: 0, left: 0 };
    const client = createClient(Native, await connect(progress));
    closers.push(() => client.$close());
    const held = c.waitAtGate.async(1);
    await until(() => c.waitingAtGate() === 1);
    // Near, a call is in the queue before its promise is there.
    const isQueued = () => until(() => name === "near" || progress.queued === 1);
    const hasLeft = () => until(() => name === "near" || progress.left === 1);
    return { client, held, isQueued, hasLeft };
  }

  /** What the pool does after the gate has opened: the next call finds the first place. */
  async function expectNeverMade(held: Promise<unknown>): Promise<void> {
    c.setGate(1);
    await held;
    await c.enterAndLeave.async(8);
    expect(c.place(0)).toBe(8);
  }

  it("runs on the pool, and JavaScript goes on", async () => {
    const { client, held } = await open();
    const marked = client.mark(7);
    expect(c.waitingAtGate()).toBe(1);
    c.setGate(1);
    await marked;
    expect(c.place(0)).toBe(7);
    expect(await held).toBe(1);
  });

  it("that is cancelled in the queue fails at once and is never made", async () => {
    const { client, held, isQueued, hasLeft } = await open();
    const controller = new AbortController();
    const failure = failureOf(() => client.$with({ signal: controller.signal }).mark(7));
    await isQueued();
    controller.abort();
    expect((await failure).code).toBe("CANCELLED");
    await hasLeft();
    await expectNeverMade(held);
  });

  it("whose deadline passes in the queue fails then and is never made", async () => {
    const { client, held, hasLeft } = await open();
    const failure = await failureOf(() => client.$with({ timeoutMs: 150 }).mark(7));
    expect(failure.code).toBe("DEADLINE_EXCEEDED");
    await hasLeft();
    await expectNeverMade(held);
  });

  it("that nobody waits for is cancelled in the queue by its handle", async () => {
    const { client, held, isQueued, hasLeft } = await open();
    const handle = await client.$async.mark(7);
    await isQueued();
    expect(await handle.status()).toBe("IN_PROGRESS");
    expect(await handle.cancel()).toBe(true);
    expect((await failureOf(() => handle.result())).code).toBe("CANCELLED");
    await hasLeft();
    await expectNeverMade(held);
  });

  it("that C has begun is answered at once when it is cancelled, and runs to its end", async () => {
    const { client, held } = await open();
    c.setGate(1);
    await held;
    c.setGate(0);
    const controller = new AbortController();
    const failure = failureOf(() => client.$with({ signal: controller.signal }).hold(5));
    await until(() => c.waitingAtGate() === 1);
    controller.abort();
    expect((await failure).code).toBe("CANCELLED");
    expect(c.waitingAtGate()).toBe(1);
  });
});

describe("the definition of an async native function", () => {
  it("leaves the synchronous function as it is, and tells of the pool in the route", async () => {
    const client = createClient(Native);
    c.setGate(1);
    expect(client.$native.hold?.(3)).toBe(3);
    expect(client.$routes.hold.reason).toMatch(/, on the pool of threads$/);
    expect(client.$routes.place.reason).not.toContain("pool");
  });

  it("fails with the words of its synchronous calls", async () => {
    const client = createClient(Native);
    const failure = await failureOf(() => client.hold("five" as unknown as number));
    expect(failure.code).toBe("INVALID_ARGUMENT");
    expect(failure.message).toContain("argument 1");
  });
});
