import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../../src/index.js";
import { CryptoService } from "../../../src/services/index.js";
import { makeAuthority, sign } from "../../support/certificates.js";
import { nearfar, type Running, root, startNearfar } from "./run.js";

/** Of "Hello, World!", as published with the specification of the service. */
const digest = "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";

let directory: string;
let running: Running | undefined;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nearfar-serve-"));
  const nearfarUrl = pathToFileURL(join(root, "dist", "index.js")).href;
  writeFileSync(
    join(directory, "greeter.mjs"),
    `import { defineService, t } from ${JSON.stringify(nearfarUrl)};
     export const limit = 5;
     export const Greeter = defineService({
       name: "Greeter",
       methods: {
         greet: {
           parameters: [t.param("name", t.string())],
           result: t.string(),
           handler: (name) => "Hello, " + name,
         },
       },
     });`,
  );
  writeFileSync(join(directory, "nothing.mjs"), "export const limit = 5, map = new Map();");
  writeFileSync(join(directory, "broken.mjs"), "export const = 5;");
});

afterEach(async () => {
  await running?.stop("SIGKILL");
  running = undefined;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function serve(...args: string[]): Promise<{ url: string; curl: string }> {
  running = await startNearfar(["serve", ...args], "curl");
  const [, url = ""] = /serves on (\S+)\n/.exec(running.output) ?? [];
  const [, curl = ""] = /^ {2}(curl .*)$/m.exec(running.output) ?? [];
  return { url, curl };
}

describe("nearfar serve", () => {
  it("serves CryptoService on a free port", async () => {
    const { url } = await serve("--port", "0");
    const answer = await fetch(`${url}/api/CryptoService/hash_data`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '["Hello, World!"]',
    });
    expect(await answer.json()).toBe(digest);
  });

  it("prints a curl line that works as it is", async () => {
    const { curl } = await serve("--port", "0");
    const { stdout } = await promisify(execFile)("sh", ["-c", `${curl} --silent`]);
    expect(JSON.parse(stdout)).toBe(digest);
  });

  it("serves on a Unix socket, for nearfar call and for curl", async () => {
    const { url, curl } = await serve("--socket", join(directory, "server.sock"));
    const call = await nearfar(["call", url, "CryptoService", "hash_data", '["Hello, World!"]']);
    expect(call).toEqual({ status: 0, stdout: `"${digest}"\n`, stderr: "" });
    const { stdout } = await promisify(execFile)("sh", ["-c", `${curl} --silent`]);
    expect(JSON.parse(stdout)).toBe(digest);
  });

  it("serves what a module exports beside the built-in service", async () => {
    const { url } = await serve("--port", "0", join(directory, "greeter.mjs"));
    const greeting = await nearfar(["call", url, "Greeter", "greet", '{"name": "Ada"}']);
    expect(greeting).toEqual({ status: 0, stdout: '"Hello, Ada"\n', stderr: "" });
    const hash = await nearfar(["call", url, "CryptoService", "hash_data", '["Hello, World!"]']);
    expect(hash.stdout).toBe(`"${digest}"\n`);
  });

  it("serves https and HTTP/2 with metrics and a page, and logs its calls", async () => {
    const authority = makeAuthority("serve-test-authority");
    const { certFile, keyFile } = sign(authority, "serve-test-server", "IP:127.0.0.1");
    const files = ["--tls-cert", certFile, "--tls-key", keyFile];
    const { url } = await serve("--port", "0", ...files, "--http2", "--metrics", "--log", "info");
    expect(url).toMatch(/^https:/);
    const tls = { ca: authority.cert };
    await using client = createClient(CryptoService, { baseUrl: url, mode: "http", tls });
    expect(await client.hash_data("Hello, World!")).toBe(digest);
    const { stdout } = await promisify(execFile)("curl", [
      "--silent",
      "--cacert",
      authority.certFile,
      `${url}/metrics`,
    ]);
    const labels = 'service="CryptoService",method="hash_data",transport="http",code="OK"';
    expect(stdout).toContain(`nearfar_calls_total{${labels}} 1`);
    const ended = await running?.stop("SIGTERM");
    expect(ended?.stdout).toMatch(/"method":"hash_data","transport":"http","code":"OK"/);
  });

  it("refuses a certificate without its key, or one that is not there", async () => {
    const alone = await nearfar(["serve", "--port", "0", "--tls-cert", "x.pem"]);
    expect(alone).toMatchObject({ status: 1, stderr: expect.stringContaining("--tls-key") });
    const missing = await nearfar(["serve", "--tls-cert", "no.pem", "--tls-key", "no.key"]);
    expect(missing).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^nearfar: no\.pem: /),
    });
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 0 on %s", async (signal) => {
    await serve("--port", "0");
    expect(await running?.stop(signal)).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["nothing.mjs", "exports no service"],
    ["broken.mjs", "cannot be loaded: "],
    ["missing.mjs", "cannot be loaded: "],
  ])("refuses the module %s in one line", async (file, says) => {
    const { status, stdout, stderr } = await nearfar(["serve", join(directory, file)]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(file);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("says that a port is in use", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => {
        const address = other.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    try {
      const { status, stderr } = await nearfar(["serve", "--port", String(port)]);
      expect(status).toBe(1);
      expect(stderr).toBe(`nearfar: 127.0.0.1:${port} is in use; --port 0 finds a free one\n`);
    } finally {
      other.close();
    }
  });
});
