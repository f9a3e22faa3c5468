import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing, run, type Servers, startServers } from "./peers.js";

const GREET = "/api/Greeter/greet";

describe.skipIf(isMissing("curl"))("curl", () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers("curl");
  });
  afterAll(() => servers.close());

  /** Posts JSON; gives the version of HTTP, the status and the body. */
  async function post(url: string, json: string, ...flags: string[]): Promise<string> {
    const type = "content-type: application/json";
    const format = " %{http_version} %{http_code}";
    return run("curl", ["-sS", "-H", type, "-d", json, "-w", format, ...flags, url]);
  }

  const trust = (): string[] => ["--cacert", servers.authority.certFile];

  it("calls over HTTP/1.1 and HTTP/1.0", async () => {
    expect(await post(servers.plain + GREET, '["curl"]')).toBe('"Hello, curl" 1.1 200');
    expect(await post(servers.plain + GREET, '["curl"]', "--http1.0")).toContain("200");
  });

  it("calls over TLS, with HTTP/2 where it can and HTTP/1.1 where it cannot", async () => {
    const url = servers.secure + GREET;
    expect(await post(url, '["h2"]', ...trust(), "--http2")).toBe('"Hello, h2" 2 200');
    expect(await post(url, '["h1"]', ...trust(), "--http1.1")).toBe('"Hello, h1" 1.1 200');
  });

  it("is known by its certificate, and told apart without", async () => {
    const { certFile, keyFile } = servers.client;
    const url = `${servers.secure}/api/Greeter/who`;
    const own = ["--cert", certFile, "--key", keyFile];
    expect(await post(url, "[]", ...trust(), ...own)).toBe('"CN=curl-client" 2 200');
    expect(await post(url, "[]", ...trust())).toBe('"-" 2 200');
  });

  it("does not trust the server without its authority", async () => {
    await expect(post(servers.secure + GREET, "[]")).rejects.toThrow(/certificate/);
  });

  it("calls over a Unix socket", async () => {
    const flags = ["--unix-socket", servers.socketPath];
    expect(await post(`http://localhost${GREET}`, '["x"]', ...flags)).toBe('"Hello, x" 1.1 200');
  });

  it("waits to be told to go on with a large body", async () => {
    const json = JSON.stringify(["x".repeat(100_000)]);
    const flags = ["-H", "expect: 100-continue", "-o", "/dev/null"];
    const answer = run("curl", [
      ...["-sS", "-H", "content-type: application/json", "-w", "%{http_code}", ...flags],
      ...["--data-binary", json, servers.plain + GREET],
    ]);
    expect(await answer).toBe("200");
  });

  it("reads errors and streams", async () => {
    const refusal = await post(`${servers.plain}/api/Greeter/refuse`, "[]");
    expect(refusal).toMatch(/"code":"FAILED_PRECONDITION"} 1\.1 400$/);
    const stream = await post(`${servers.plain}/api/Greeter/count`, "[2]", "-N");
    expect(stream.split("\n")).toEqual([
      '{"seq":1,"item":1}',
      '{"seq":2,"item":2}',
      '{"seq":3,"end":true}',
      " 1.1 200",
    ]);
  });

  it("resends on a connection that it keeps", async () => {
    const url = servers.plain + GREET;
    const twice = await run("curl", [
      ...["-sS", "-H", "content-type: application/json", "-d", '["x"]'],
      ...["-w", " %{num_connects}\\n", url, url],
    ]);
    expect(twice).toBe('"Hello, x" 1\n"Hello, x" 0\n');
  });
});
