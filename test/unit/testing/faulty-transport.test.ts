import { beforeEach, describe, expect, it } from "vitest";
import { type ClientOptions, createClient, defineService, t } from "../../../src/index.js";
import {
  type FaultPlan,
  fakeService,
  faultyTransport,
  inMemoryTransport,
  randomFaults,
} from "../../../src/testing/index.js";

const Counter = defineService({
  name: "Counter",
  methods: {
    get: { parameters: [], result: t.integer(), idempotent: true },
    add: { parameters: [], result: t.integer() },
    watch: { parameters: [], result: t.stream(t.integer()) },
  },
});

const fake = fakeService(Counter);
beforeEach(() => fake.reset());

function clientWith(plan: FaultPlan, options: ClientOptions = {}) {
  const transport = faultyTransport(inMemoryTransport([fake.service]), plan);
  return createClient(fake.service, { transport, mode: "http", retries: 0, ...options });
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "OK",
    (error: { readonly code: string }) => error.code,
  );

describe("a faulty transport", () => {
  it("does to each call what its plan says, and nothing after its end", async () => {
    const client = clientWith([undefined, { error: "ABORTED" }, { delayMs: 1 }]);
    const codes = [];
    for (let call = 0; call < 4; call++) codes.push(await codeOf(client.add()));
    expect(codes).toEqual(["OK", "ABORTED", "OK", "OK"]);
    expect(fake.calls).toHaveLength(3);
  });

  it("drops a request, which may be sent again, or an answer, whose call has run", async () => {
    const plan: FaultPlan = [
      { drop: "request" },
      undefined,
      { drop: "answer" },
      { drop: "answer" },
    ];
    const client = clientWith(plan, { retries: 1 });
    expect(await codeOf(client.add())).toBe("OK");
    expect(await codeOf(client.add())).toBe("UNAVAILABLE");
    expect(fake.calls).toHaveLength(2);
    expect(await codeOf(client.get())).toBe("OK");
    expect(fake.calls).toHaveLength(4);
  });

  it("delivers a call twice", async () => {
    const client = clientWith([{ duplicate: true }]);
    expect(await codeOf(client.add())).toBe("OK");
    expect(fake.calls).toHaveLength(2);
  });

  it("keeps silent, or is late, until the deadline or the caller's signal", async () => {
    const client = clientWith([{ hang: true }, { delayMs: 60_000 }, { hang: true }]);
    const hasty = client.$with({ timeoutMs: 20 });
    expect(await codeOf(hasty.get())).toBe("DEADLINE_EXCEEDED");
    expect(await codeOf(hasty.get())).toBe("DEADLINE_EXCEEDED");
    const controller = new AbortController();
    const call = codeOf(client.$with({ signal: controller.signal }).get());
    controller.abort();
    expect(await call).toBe("CANCELLED");
    expect(fake.calls).toEqual([]);
  });

  it("asks a function what to do, with the request and its number", async () => {
    const seen: string[] = [];
    const client = clientWith(({ method }, index) => {
      seen.push(`${index} ${method}`);
      return method === "add" ? { error: "INTERNAL" } : undefined;
    });
    expect([await codeOf(client.get()), await codeOf(client.add())]).toEqual(["OK", "INTERNAL"]);
    expect(seen).toEqual(["0 get", "1 add"]);
  });

  it("lets streams through, and breaks them", async () => {
    const client = clientWith([undefined, { drop: "answer" }]);
    let count = 0;
    for await (const _ of client.watch()) count++;
    expect(count).toBe(3);
    await expect(client.watch().next()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("refuses a plan that is none", () => {
    expect(() => clientWith(5 as never)).toThrow("plan must be an array of faults or a function");
  });
});

describe("random faults", () => {
  const rates = { delay: 0.1, dropRequest: 0.1, dropAnswer: 0.1, duplicate: 0.1, error: 0.1 };
  const draw = (seed: number, count: number) => {
    const next = randomFaults({ ...rates, hang: 0.1, seed, maxDelayMs: 5, code: "ABORTED" });
    return Array.from({ length: count }, () => next());
  };

  it("come as often as asked for, the same for the same seed", () => {
    const faults = draw(3, 10_000);
    expect(draw(3, 10_000)).toEqual(faults);
    expect(draw(4, 100)).not.toEqual(faults.slice(0, 100));
    const kinds = new Map<string, number>();
    for (const fault of faults) {
      const kind = fault === undefined ? "none" : JSON.stringify(fault).replace(/\d/, "N");
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual([
      "none",
      '{"delayMs":N}',
      '{"drop":"answer"}',
      '{"drop":"request"}',
      '{"duplicate":true}',
      '{"error":"ABORTED"}',
      '{"hang":true}',
    ]);
    for (const [kind, count] of kinds) {
      expect(Math.abs(count - (kind === "none" ? 4000 : 1000)), kind).toBeLessThan(200);
    }
  });

  it("refuse rates that are none", () => {
    expect(() => randomFaults({ hang: 2 })).toThrow("hang must be a number from 0 to 1, got 2");
    expect(() => randomFaults({ hang: 0.6, error: 0.6 })).toThrow("at most 1 together, got 1.2");
  });
});
