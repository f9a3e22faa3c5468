import { describe, expect, it } from "vitest";
import { createClient, defineService, Runtime, t } from "../../../src/index.js";
import { Isolate } from "../../../src/isolate/index.js";
import { crashesLibrary } from "../../support/compile.js";
import { crashService } from "./crash-service.js";
import { failureOf, startServer } from "./servers.js";

describe("helpers of services", () => {
  /** What is counted is counted in one process. */
  const counting = crashService(true);

  it("are shared by the methods and the clients of a service, until the last is closed", async () => {
    const first = createClient(counting);
    const second = createClient(counting);
    expect([await first.crash_count(), await second.crash_count()]).toEqual([1, 2]);
    await first.$close();
    await first.$close();
    expect(await second.crash_count()).toBe(3);
    expect(await failureOf(() => first.crash_count())).toMatchObject({ code: "UNAVAILABLE" });
    await second.$close();
    await using third = createClient(counting);
    expect(await third.crash_count()).toBe(1);
  });

  it("are not shared with other services, nor with other options", async () => {
    await using one = createClient(counting);
    await using other = createClient(crashService(true));
    expect([await one.crash_count(), await other.crash_count()]).toEqual([1, 1]);
    const count = { library: crashesLibrary, declaration: "int crash_count(void)" } as const;
    const mixed = defineService({
      name: "Mixed",
      methods: {
        a: { native: { ...count, isolate: true } },
        b: { native: { ...count, isolate: { timeoutMs: 500 } } },
        c: { native: { ...count, isolate: { timeoutMs: 500 } } },
      },
    });
    await using client = createClient(mixed);
    expect([await client.a(), await client.b(), await client.c()]).toEqual([1, 1, 2]);
  });

  it("end with a runtime that cannot be made", async () => {
    const elsewhere = defineService({
      name: "Elsewhere",
      methods: { ask: { parameters: [], result: t.string() } },
    });
    await using before = createClient(counting);
    expect(await before.crash_count()).toBe(1);
    expect(() => new Runtime({ services: [counting, elsewhere] })).toThrow("Elsewhere.ask");
    await before.$close();
    await using after = createClient(counting);
    expect(await after.crash_count()).toBe(1);
  });

  it("of an Isolate are the caller's to close", async () => {
    using isolate = new Isolate();
    const client = createClient(crashService(isolate));
    const [processId] = isolate.processIds;
    expect(await client.crash_never(1)).toBe(2);
    await client.$close();
    expect(isolate.processIds).toEqual([processId]);
  });

  it("wait for calls in progress when a client is closed", async () => {
    const client = createClient(crashService(true));
    const calls = [client.crash_sleep(50), client.crash_never(1)];
    await client.$close();
    expect(await Promise.all(calls)).toEqual([undefined, 2]);
  });

  it("end with the server that uses them", async () => {
    const service = defineService({
      name: "Counting",
      methods: {
        count: {
          native: { library: crashesLibrary, declaration: "int crash_count(void)", isolate: true },
        },
      },
    });
    const counts = [];
    for (let round = 0; round < 2; round++) {
      const { server, url } = await startServer(service);
      await using client = createClient(service, { baseUrl: url, mode: "http" });
      counts.push(await client.count(), await client.count());
      await server.close();
    }
    expect(counts).toEqual([1, 2, 1, 2]);
  });
});
