import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing, run, type Servers, startServers } from "./peers.js";

describe.skipIf(isMissing("h2load"))("nghttp2's clients", () => {
  let servers: Servers;
  let body: string;
  beforeAll(async () => {
    servers = await startServers("nghttp");
    body = join(dirname(servers.socketPath), "body.json");
    writeFileSync(body, '["nghttp"]');
  });
  afterAll(() => servers.close());

  const TYPE = "content-type: application/json";

  it("nghttp calls on one stream of a session", async () => {
    const url = `${servers.secure}/api/Greeter/greet`;
    const output = await run("nghttp", ["-v", "-d", body, "-H", TYPE, url]);
    expect(output).toMatch(/recv \(stream_id=\d+\) :status: 200/);
    expect(output).toContain('"Hello, nghttp"');
  });

  it("h2load has many calls on each of a few sessions answered", async () => {
    const url = `${servers.secure}/api/Greeter/greet`;
    const args = ["-n", "2000", "-c", "4", "-m", "50", "-d", body, "-H", TYPE, url];
    const output = await run("h2load", args);
    expect(output).toContain("Application protocol: h2");
    expect(output).toContain("2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout");
    expect(output).toContain("status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx");
  });

  it("h2load does as well by HTTP/1.1 without TLS", async () => {
    const url = `${servers.plain}/api/Greeter/greet`;
    const args = ["--h1", "-n", "1000", "-c", "4", "-d", body, "-H", TYPE, url];
    expect(await run("h2load", args)).toContain("1000 succeeded, 0 failed, 0 errored");
  });
});
