import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createClient, defineService } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { openThreads, threadsLibrary, until } from "../../support/calls-library.js";

const inTurn = { library: threadsLibrary, async: true, serialize: true } as const;

const First = defineService({
  name: "First",
  methods: {
    hold: { native: { ...inTurn, declaration: "int32_t wait_at_gate(int32_t x)" } },
    mark: { native: { ...inTurn, declaration: "void enter_and_leave(int32_t number)" } },
  },
});

/** The same library, and one of the functions declared in another way. */
const Second = defineService({
  name: "Second",
  methods: {
    mark: { native: { ...inTurn, declaration: "void enter_and_leave(uint32_t number)" } },
    free: {
      native: {
        library: threadsLibrary,
        async: true,
        declaration: "void enter_and_leave(int32_t number)",
      },
    },
  },
});

let c: ReturnType<typeof openThreads>["functions"];
beforeAll(() => {
  // Read by the pool when it starts: enough that no call waits for a thread.
  process.env.NEARFAR_THREADS = "4";
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

function nearClients() {
  return [createClient(First), createClient(Second)] as const;
}

async function farClients() {
  const server = createServer({ services: [First, Second] });
  closers.push(() => server.close());
  const { url: baseUrl } = await server.listen();
  const clients = [
    createClient(First, { mode: "http", baseUrl }),
    createClient(Second, { mode: "http", baseUrl }),
  ] as const;
  closers.push(...clients.map((client) => () => client.$close()));
  return clients;
}

describe.each([
  ["near", async () => nearClients()],
  ["on a server", farClients],
])("calls of functions of a library that are serialized, %s,", (_, connect) => {
  it("wait for one another, whichever service declares them", async () => {
    const [first, second] = await connect();
    const held = first.hold(1);
    await until(() => c.waitingAtGate() === 1);
    const marks = [first.mark(7), second.mark(8)];
    // One that is not serialized passes them by: threads are there.
    await second.free(9);
    await second.free(10);
    expect([c.place(0), c.place(1)]).toEqual([9, 10]);
    c.setGate(1);
    expect(await held).toBe(1);
    await Promise.all(marks);
    expect([c.place(2), c.place(3)].sort()).toEqual([7, 8]);
  });
});

it("a call that waits for its turn leaves when it is cancelled", async () => {
  const [first] = nearClients();
  const held = first.hold(1);
  await until(() => c.waitingAtGate() === 1);
  const controller = new AbortController();
  const cancelled = first.$with({ signal: controller.signal }).mark(7);
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  c.setGate(1);
  await held;
  await first.mark(8);
  expect(c.place(0)).toBe(8);
});

it("an asm label says where a function is, serialized or not", async () => {
  const declaration = 'int32_t pass(int32_t x) __asm__("wait_at_gate")';
  const Labelled = defineService({
    name: "Labelled",
    methods: {
      serialized: { native: { ...inTurn, declaration } },
      free: { native: { library: threadsLibrary, async: true, declaration } },
    },
  });
  const client = createClient(Labelled, { mode: "ffi" });
  c.setGate(1);
  expect(await Promise.all([client.serialized(3), client.free(4)])).toEqual([3, 4]);
});

it("the route says that calls are made one at a time", () => {
  expect(nearClients()[0].$routes.mark.reason).toMatch(/, on the pool of threads, one at a time$/);
});
