import { describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { failureOf } from "../client/servers.js";

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
    never: { parameters: [], result: t.null(), handler: () => new Promise<null>(() => undefined) },
  },
});

describe("close", () => {
  it("says that it is not ready while it still answers, for drainMs", async () => {
    const server = createServer({ services: [Work], drainMs: 2_000 });
    const { url } = await server.listen();
    await using client = createClient(Work, { baseUrl: url, retries: 0 });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await client.echo("ready")).toBe("ready");
    const closing = server.close();
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: "closing" });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await client.echo("still")).toBe("still");
    await closing;
    expect((await failureOf(() => client.echo("gone"))).code).toBe("UNAVAILABLE");
  });

  it("cuts off calls that take longer than closeGraceMs", async () => {
    const server = createServer({ services: [Work], closeGraceMs: 50 });
    const { url } = await server.listen();
    await using client = createClient(Work, { baseUrl: url, retries: 0 });
    const arrived = new Promise((resolve) => server.app.server.once("request", resolve));
    const call = failureOf(() => client.never());
    await arrived;
    await server.close();
    expect((await call).code).toBe("UNAVAILABLE");
  });

  it("does not wait for connections that nobody uses", async () => {
    const server = createServer({ services: [Work], closeGraceMs: 60_000 });
    const { url } = await server.listen();
    await using client = createClient(Work, { baseUrl: url });
    await Promise.all([client.echo("a"), client.echo("b")]);
    await server.close();
  });
});
