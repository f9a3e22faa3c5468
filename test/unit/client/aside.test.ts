import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createClient,
  defineService,
  type Isolation,
  method,
  native,
  nativeOnly,
  Runtime,
  t,
} from "../../../src/index.js";
import { Isolate } from "../../../src/isolate/index.js";
import { crashesLibrary, fixtureLibrary } from "../../support/compile.js";
import { crashService } from "./crash-service.js";
import { methodsOf } from "./native-method.js";
import { failureOf, startServer } from "./servers.js";

/** The same methods, isolated or not. */
function echoService(isolate: Isolation) {
  const of = methodsOf(fixtureLibrary, isolate);
  return defineService({
    name: "Echo",
    methods: {
      echo_int32: of("int32_t echo_int32(int32_t x)"),
      echo_uint8: of("uint8_t echo_uint8(uint8_t x)"),
      echo_int64: of("int64_t echo_int64(int64_t x)"),
      echo_float64: of("double echo_float64(double x)"),
      echo_bool: of("bool echo_bool(bool x)"),
      echo_string: of("const char *echo_string(const char *x)"),
      positive: {
        parameters: [t.param("x", t.int32({ minimum: 1 }))],
        result: t.int32({ maximum: 99 }),
        ...of("int32_t echo_int32(int32_t x)"),
      },
    },
  });
}

type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>;

async function outcomeOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await call() };
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return { name, code, message };
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a service near, aside and far", () => {
  it("gives the same results and the same errors", async () => {
    const service = echoService(true);
    const { url } = await startServer(echoService(false));
    const { url: urlOfAside } = await startServer(service);
    const clients = {
      near: createClient(echoService(false)),
      aside: createClient(service),
      far: createClient(service, { baseUrl: url, mode: "http" }),
      farAside: createClient(service, { baseUrl: urlOfAside, mode: "http" }),
    };
    expect(clients.near.$routes.echo_int32.route).toBe("near");
    expect(clients.aside.$routes.echo_int32).toEqual({
      route: "aside",
      api: "both",
      reason: `native function in ${fixtureLibrary}, in a helper process`,
    });
    expect(clients.far.$routes.echo_int32.route).toBe("far");
    const calls: [string, ...unknown[]][] = [
      ["echo_int32", -5],
      ["echo_int32", 2 ** 31],
      ["echo_int32", "5"],
      ["echo_int32"],
      ["echo_int32", 1, 2],
      ["echo_uint8", 256],
      ["echo_int64", 2n ** 62n],
      ["echo_int64", 1.5],
      ["echo_float64", -0],
      ["echo_float64", Number.NaN],
      ["echo_bool", true],
      ["echo_bool", 1],
      ["echo_string", "grüße 👋"],
      ["echo_string", ""],
      ["echo_string", null],
      ["positive", 7],
      ["positive", 0],
      ["positive", 100],
    ];
    for (const [name, ...args] of calls) {
      const outcomes = [];
      for (const client of Object.values(clients)) {
        outcomes.push(await outcomeOf(async () => (client as unknown as Loose)[name]?.(...args)));
      }
      const [near, ...others] = outcomes;
      expect(others, `${name} of ${args.length}`).toEqual([near, near, near]);
    }
    await Promise.all(Object.values(clients).map((client) => client.$close()));
  });

  it("has synchronous functions near and aside", async () => {
    const client = createClient(echoService(true), { mode: "ffi" });
    expect(client.$native.echo_string("aside")).toBe("aside");
    expect(client.$native.positive(7)).toBe(7);
    expect(() => client.$native.echo_int32(2 ** 31)).toThrow(
      /^echo_int32: argument 1 \(x\) must be/,
    );
    expect(() => client.$native.positive(0)).toThrow(/argument 1 \(x\)/);
    await client.$close();
  });

  it("can be called by names, begun without waiting, and in batches", async () => {
    const service = echoService(true);
    await using client = createClient(service, { mode: "ffi" });
    const begun = await client.$async.echo_int32(5);
    expect(await begun.result()).toBe(5);
    const batch = await client.$batch((calls) => [calls.echo_int32(1), calls.positive(0)]);
    expect(batch).toMatchObject([{ value: 1 }, { reason: { code: "INVALID_ARGUMENT" } }]);
    await using runtime = new Runtime({ services: [service], mode: "ffi" });
    expect(await runtime.callFunction("Echo", "echo_int32", { x: 6 })).toBe(6);
  });
});

describe("a method aside that ends its helper", () => {
  it("is UNAVAILABLE with the cause, and the next call works", async () => {
    await using client = createClient(crashService(true));
    const error = await client.crash_kill().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "ServiceError",
      code: "UNAVAILABLE",
      message: "the helper process was ended by SIGKILL in crash_kill",
      cause: { code: "ERR_ISOLATE_ENDED", signal: "SIGKILL" },
    });
    expect(await client.crash_never(1)).toBe(2);
    expect(() => client.$native.crash_kill?.()).toThrow(
      expect.objectContaining({ code: "ERR_ISOLATE_ENDED" }),
    );
    expect(client.$native.crash_never?.(2)).toBe(3);
  });

  it("is UNAVAILABLE to callers of a server, which goes on", async () => {
    const service = defineService({
      name: "Fragile",
      methods: {
        fall: {
          native: {
            library: crashesLibrary,
            declaration: "void crash_kill(void)",
            isolate: true,
          },
        },
        stand: {
          native: {
            library: crashesLibrary,
            declaration: "int crash_never(int x)",
            isolate: true,
          },
        },
      },
    });
    const { url } = await startServer(service);
    await using client = createClient(service, { baseUrl: url, mode: "http" });
    expect(await failureOf(() => client.fall())).toEqual({
      code: "UNAVAILABLE",
      message: "the helper process was ended by SIGKILL in crash_kill",
    });
    expect(await client.stand(1)).toBe(2);
  });

  it("is called once more if it is idempotent", async () => {
    using isolate = new Isolate({ restartDelayMs: 0 });
    const left = isolate.allocate(1).fill(1);
    await using client = createClient(crashService(isolate));
    expect(await client.repeated(left, 1)).toBe(2);
    left[0] = 2;
    expect(await failureOf(() => client.repeated(left, 1))).toMatchObject({ code: "UNAVAILABLE" });
  });

  it("has its own time limit by the options", async () => {
    await using client = createClient(crashService({ timeoutMs: 50 }));
    const error = await client.crash_sleep(60_000).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      cause: { code: "ERR_ISOLATE_TIMEOUT" },
    });
  });
});

describe("a call aside", () => {
  it("ends for its caller at the deadline, and in C when C is done", async () => {
    await using client = createClient(crashService(true));
    const brief = client.$with({ timeoutMs: 30 });
    const calls = [client.crash_sleep(150), brief.crash_never(1)];
    expect(await failureOf(async () => await calls[1])).toEqual({
      code: "DEADLINE_EXCEEDED",
      message: "no answer within 30 ms",
    });
    await calls[0];
    expect(await client.crash_never(2)).toBe(3);
  });

  it("is taken back by a signal as long as it has not begun", async () => {
    using isolate = new Isolate();
    await using client = createClient(crashService(isolate));
    expect(await client.crash_count()).toBe(1);
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const cancellable = client.$with({ signal: controller.signal });
    const sleeping = client.crash_sleep(100);
    const counts = Array.from({ length: 2000 }, () => cancellable.crash_count());
    controller.abort(new Error("enough"));
    for (const count of await Promise.allSettled(counts)) {
      expect(count).toMatchObject({ status: "rejected", reason: { code: "CANCELLED" } });
    }
    await sleeping;
    // Those that had a place in the shared memory were the helper's already.
    expect(await client.crash_count()).toBeLessThan(2000);
    expect(await failureOf(() => cancellable.crash_count())).toMatchObject({ code: "CANCELLED" });
  });
});

describe("where there are no helpers", () => {
  const service = echoService(true);

  it("both goes far, and ffi fails with the reason", async () => {
    vi.stubEnv("NEARFAR_HELPER", "/no/such/nearfar-helper");
    const { url } = await startServer(echoService(false));
    await using client = createClient(service, { baseUrl: url });
    expect(client.$routes.echo_int32.route).toBe("far");
    expect(client.$routes.echo_int32.reason).toMatch(/^the helper process cannot be started: /);
    expect(await client.echo_int32(5)).toBe(5);
    const failure = await failureOf(async () => createClient(service, { mode: "ffi" }));
    expect(failure).toMatchObject({ code: "UNAVAILABLE" });
    expect(JSON.stringify(failure)).toContain("the helper process cannot be started");
  });

  it("says so in runtimes that cannot wait for them", async () => {
    const { versions } = process;
    Object.defineProperty(process, "versions", { value: { ...versions, bun: "1.4.5" } });
    try {
      const failure = await failureOf(async () => createClient(service, { mode: "ffi" }));
      expect(JSON.stringify(failure)).toContain("isolated calls need Node.js, this is Bun");
    } finally {
      Object.defineProperty(process, "versions", { value: versions });
    }
  });

  it("a library that is not there is absent, as it is near", async () => {
    const absent = defineService({
      name: "Absent",
      methods: {
        cube: {
          native: {
            library: "no-such-library.so",
            declaration: "double cube(double x)",
            isolate: true,
          },
        },
        sqrt: {
          native: {
            library: fixtureLibrary,
            declaration: "double no_such_symbol(double x)",
            isolate: true,
          },
        },
      },
    });
    await using client = createClient(absent, { baseUrl: "http://127.0.0.1:1" });
    expect(client.$routes.cube).toMatchObject({
      route: "far",
      reason: expect.stringMatching(/^dlopen failed: no-such-library\.so: /),
    });
    expect(client.$routes.sqrt.reason).toContain("no_such_symbol");
  });
});

describe("@native with isolate", () => {
  class Crashing {
    @native(crashesLibrary, "int crash_never(int x)", { isolate: true })
    crash_never(x: number): number {
      return x + 1;
    }

    @native(crashesLibrary, "void crash_kill(void)", { isolate: { maxRestarts: 5 } })
    crash_kill(): undefined {
      return nativeOnly();
    }

    @method({ parameters: [], result: t.string() })
    name(): string {
      return "crashing";
    }
  }

  it("goes aside, and other methods where they went", async () => {
    await using client = createClient(Crashing, { implementation: Crashing });
    const { $routes } = client;
    expect([$routes.crash_never.route, $routes.crash_kill.route, $routes.name.route]).toEqual([
      "aside",
      "aside",
      "near",
    ]);
    await expect(client.crash_kill()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await sleep(0);
    expect(await client.crash_never(1)).toBe(2);
    expect(await client.name()).toBe("crashing");
  });
});
