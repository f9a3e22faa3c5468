import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nearfar, type Running, startNearfar } from "./run.js";

const digest = "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";

let running: Running;
let url: string;

beforeAll(async () => {
  running = await startNearfar(["serve", "--port", "0"], "curl");
  url = /serves on (\S+)/.exec(running.output)?.[1] ?? "";
});

afterAll(async () => {
  await running.stop();
});

function call(...args: string[]) {
  return nearfar(["call", url, "CryptoService", ...args]);
}

describe("nearfar call", () => {
  it.each(['["Hello, World!"]', '{"data": "Hello, World!", "algorithm": "SHA256"}'])(
    "prints the result of %s as JSON",
    async (json) => {
      const outcome = await call("hash_data", json);
      expect(outcome).toEqual({ status: 0, stdout: `"${digest}"\n`, stderr: "" });
    },
  );

  it("reads the arguments from standard input for -", async () => {
    const args = ["call", url, "CryptoService", "hash_data", "-"];
    const outcome = await nearfar(args, { input: '["Hello, World!"]\n' });
    expect(outcome).toEqual({ status: 0, stdout: `"${digest}"\n`, stderr: "" });
  });

  it("prints the code and message of a failed call, and exits with 1", async () => {
    const { status, stdout, stderr } = await call("hash_data", '["x", "SHA257"]');
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^INVALID_ARGUMENT: .*\n$/);
  });

  it("prints NOT_FOUND for a method that is not there", async () => {
    const { status, stderr } = await call("hash_dta", "[]");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^NOT_FOUND: .*\n$/);
  });

  it("prints UNAVAILABLE when nobody listens", async () => {
    const nobody = createServer().listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    const target = `http://127.0.0.1:${port}`;
    const { status, stderr } = await nearfar(["call", target, "CryptoService", "hash_data", "[]"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^UNAVAILABLE: cannot reach .*\n$/);
  });

  it("prints DEADLINE_EXCEEDED when --timeout-ms has passed", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    try {
      const target = `http://127.0.0.1:${port}`;
      const args = ["call", target, "Any", "thing", "[]", "--timeout-ms", "50"];
      const { status, stderr } = await nearfar(args);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^DEADLINE_EXCEEDED: .*50 ms\n$/);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it.each([
    { mistake: "broken JSON", args: ["hash_data", "[secret"], says: "not valid JSON" },
    { mistake: "a bare string", args: ["hash_data", '"secret"'], says: "got a string" },
    { mistake: "null", args: ["hash_data", "null"], says: "got null" },
    {
      mistake: "a timeout of 0",
      args: ["m", "[]", "--timeout-ms", "0"],
      says: "from 1 to 2147483647",
    },
  ])("exits with 2 for $mistake and does not repeat what it was given", async ({ args, says }) => {
    const { status, stdout, stderr } = await call(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("secret");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("exits with 2 for a URL it does not understand", async () => {
    const { status, stderr } = await nearfar(["call", "ftp://x", "S", "m", "[]"]);
    expect(status).toBe(2);
    expect(stderr).toContain('"unix:/path/to.sock"');
  });
});
