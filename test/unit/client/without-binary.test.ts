import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CryptoService } from "../../../src/services/index.js";
import { repositoryRoot } from "../../support/compile.js";
import { runNode } from "../cli/run.js";
import { startServer } from "./servers.js";

const dist = (path: string): string => JSON.stringify(join(repositoryRoot, "dist", path));

/** Runs a program in a process without the native binary; it prints one JSON value. */
async function withoutBinary(program: string): Promise<unknown> {
  const source = `
    import { createClient, ServiceError } from ${dist("index.js")};
    import { CryptoService } from ${dist("services/index.js")};
    const report = (value) => console.log(JSON.stringify(value));
    ${program}`;
  const outcome = await runNode(["--input-type=module", "--eval", source], {
    env: { NEARFAR_NATIVE: "off" },
  });
  expect(outcome.stderr).toBe("");
  return JSON.parse(outcome.stdout);
}

const SHA256 = "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";

describe("with NEARFAR_NATIVE=off", () => {
  it("both works over HTTP, and $routes says why", async () => {
    const { url, count } = await startServer(CryptoService);
    const result = await withoutBinary(`
      const client = createClient(CryptoService, { baseUrl: ${JSON.stringify(url)} });
      report({
        hash: await client.hash_data("Hello, World!"),
        ...client.$routes.hash_data,
        native: Object.keys(client.$native),
      });
      await client.$close();`);
    expect(result).toEqual({
      hash: SHA256,
      route: "far",
      api: "both",
      reason: "no native binary: switched off by NEARFAR_NATIVE=off",
      native: [],
    });
    expect(count()).toBe(1);
  });

  it("ffi fails when the client is made", async () => {
    const result = await withoutBinary(`
      try {
        createClient(CryptoService, { mode: "ffi", baseUrl: "http://127.0.0.1:9" });
      } catch (error) {
        report({ known: error instanceof ServiceError, code: error.code, message: error.message });
      }`);
    expect(result).toEqual({
      known: true,
      code: "UNAVAILABLE",
      message:
        `CryptoService.hash_data cannot be called: the client's mode is "ffi" ` +
        "and no native binary: switched off by NEARFAR_NATIVE=off",
    });
  });

  it("a client without a server is one UNAVAILABLE error with both reasons", async () => {
    const result = await withoutBinary(`
      try {
        createClient(CryptoService);
      } catch (error) {
        report({ code: error.code, message: error.message });
      }`);
    expect(result).toEqual({
      code: "UNAVAILABLE",
      message:
        "CryptoService.hash_data cannot be called: " +
        "not near (no native binary: switched off by NEARFAR_NATIVE=off), " +
        "and not far (the client has no baseUrl)",
    });
  });

  it("what was to be isolated goes far, too", async () => {
    const result = await withoutBinary(`
      const { parseServices } = await import(${dist("index.js")});
      const [Apart] = parseServices(
        'service Apart { @native("libm.so.6", "double cos(double x)", isolate: true) fn cos; }',
      );
      report(createClient(Apart, { baseUrl: "http://127.0.0.1:9" }).$routes.cos);`);
    expect(result).toEqual({
      route: "far",
      api: "both",
      reason: "no native binary: switched off by NEARFAR_NATIVE=off",
    });
  });

  it("a server answers with node:crypto", async () => {
    const result = await withoutBinary(`
      const { createServer } = await import(${dist("server/index.js")});
      const server = createServer({ services: [CryptoService] });
      const { url } = await server.listen();
      const client = createClient(CryptoService, { baseUrl: url });
      const failure = await client.hash_data("x", "sha257").catch(({ code, message }) => ({ code, message }));
      report({ hash: await client.hash_data("Hello, World!"), failure });
      await client.$close();
      await server.close();`);
    expect(result).toEqual({
      hash: SHA256,
      failure: {
        code: "INVALID_ARGUMENT",
        message:
          'argument 2 (algorithm) must be a hash algorithm that algorithms() lists, got "sha257"',
      },
    });
  });
});
