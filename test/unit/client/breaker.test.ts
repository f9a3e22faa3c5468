import { describe, expect, it } from "vitest";
import { createClient, defineService, ServiceError, t } from "../../../src/index.js";
import { answering, closeLater, startHttp, startTcp } from "./foreign.js";
import { failureOf, startServer } from "./servers.js";

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    once: { parameters: [], result: t.string() },
    fail: {
      parameters: [],
      result: t.string(),
      handler: () => {
        throw new ServiceError("UNAVAILABLE", "the database is away");
      },
    },
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
  },
});

function clientOf(baseUrl: string, breakAfterFailures?: number) {
  const client = createClient(Work, {
    baseUrl,
    retries: 0,
    ...(breakAfterFailures !== undefined && { breakAfterFailures }),
  });
  closeLater(() => client.$close());
  return client;
}

/** A server that cuts every connection that something is asked on, until it is told to answer. */
async function startBroken(): Promise<{ url: string; asked: () => number; mend: () => void }> {
  let asked = 0;
  let isBroken = true;
  const url = await startHttp((request, response) => {
    asked++;
    if (isBroken) request.socket.destroy();
    else answering("done")(request, response);
  });
  const mend = (): void => {
    isBroken = false;
  };
  return { url, asked: () => asked, mend };
}

describe("an address that failed five times in a row", () => {
  it("gets no calls for a while: they fail at once, saying why", async () => {
    const { url, asked } = await startBroken();
    const client = clientOf(url);
    for (let call = 0; call < 5; call++) await failureOf(() => client.once());
    const failure = await failureOf(() => client.once());
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toContain(
      `${url} gets no calls for a while after 5 failures in a row, the last of which was: ` +
        `lost the connection to ${url}`,
    );
    expect(asked()).toBe(5);
  });

  it("is tried by one call after that, and gets all again if it answers", async () => {
    const { url, mend } = await startBroken();
    const client = clientOf(url, 2);
    for (let call = 0; call < 3; call++) await failureOf(() => client.once());
    mend();
    await expect.poll(() => client.once().catch(() => "not yet"), { timeout: 10_000 }).toBe("done");
    expect(await Promise.all([client.once(), client.once()])).toEqual(["done", "done"]);
  });

  it("rests longer if the trial fails", async () => {
    const { url, asked } = await startBroken();
    const client = clientOf(url, 1);
    await failureOf(() => client.once());
    await expect
      .poll(() => client.once().catch(() => asked()), { interval: 10, timeout: 10_000 })
      .toBe(2);
    expect((await failureOf(() => client.once())).message).toContain("after 2 failures in a row");
    expect(asked()).toBe(2);
  });

  it("still gets all calls with breakAfterFailures: 0", async () => {
    const { url, asked } = await startBroken();
    const client = clientOf(url, 0);
    for (let call = 0; call < 8; call++) await failureOf(() => client.once());
    expect(asked()).toBe(8);
  });
});

describe("no failure of an address is", () => {
  it("an error that its service answers with", async () => {
    const { url } = await startServer(Work);
    const client = clientOf(url, 1);
    for (let call = 0; call < 3; call++) {
      expect((await failureOf(() => client.fail())).message).toBe("the database is away");
    }
    expect(await client.echo("x")).toBe("x");
  });

  it("a short deadline that passed", async () => {
    const port = await startTcp(() => undefined);
    const client = clientOf(`http://127.0.0.1:${port}`, 1).$with({ timeoutMs: 20 });
    for (let call = 0; call < 3; call++) {
      expect((await failureOf(() => client.once())).code).toBe("DEADLINE_EXCEEDED");
    }
  });
});

it("as many calls as maxPending allows are under way, and no more", async () => {
  const port = await startTcp(() => undefined);
  const client = createClient(Work, {
    baseUrl: `http://127.0.0.1:${port}`,
    maxPending: 2,
    retries: 0,
  });
  closeLater(() => client.$close());
  const short = client.$with({ timeoutMs: 300 });
  const codes = await Promise.all([1, 2, 3].map(() => failureOf(() => short.once())));
  expect(codes.map(({ code }) => code).sort()).toEqual([
    "DEADLINE_EXCEEDED",
    "DEADLINE_EXCEEDED",
    "UNAVAILABLE",
  ]);
  expect(codes.find(({ code }) => code === "UNAVAILABLE")?.message).toContain("maxPending");
});
