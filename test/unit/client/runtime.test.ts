import { describe, expect, it } from "vitest";
import { defineService, Runtime, t } from "../../../src/index.js";
import { CryptoService } from "../../../src/services/index.js";
import { failureOf, startServer } from "./servers.js";

const Texts = defineService({
  name: "Texts",
  api: "http",
  methods: {
    join: {
      parameters: [
        t.param("a", t.string()),
        t.param("b", t.optional(t.string())),
        t.param("c", t.optional(t.string())),
      ],
      result: t.string(),
      handler: (a, b = "-", c = "-") => a + b + c,
    },
  },
});

describe("Runtime.callFunction", () => {
  it("calls by name, with arguments by position or by name, near and far", async () => {
    const { url, count } = await startServer(Texts, CryptoService);
    await using runtime = new Runtime({ services: [Texts, CryptoService], baseUrl: url });
    expect(await runtime.callFunction("Texts", "join", ["a", "b"])).toBe("ab-");
    expect(await runtime.callFunction("Texts", "join", { c: "z", a: "x" })).toBe("x-z");
    expect(count()).toBe(2);
    expect(
      await runtime.callFunction("CryptoService", "hash_data", { data: "Hello, World!" }),
    ).toBe("dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f");
    expect(count()).toBe(2);
  });

  it("refuses unknown argument names", async () => {
    await using runtime = new Runtime({ services: [CryptoService] });
    const call = () => runtime.callFunction("CryptoService", "hash_data", { dta: "x" });
    expect(await failureOf(call)).toEqual({
      code: "INVALID_ARGUMENT",
      message: 'unknown argument "dta"; known: data, algorithm, output_length',
    });
  });

  it.each(["data", null, 5])(
    "refuses arguments that are neither a list nor named: %o",
    async (args) => {
      await using runtime = new Runtime({ services: [CryptoService] });
      const call = () => runtime.callFunction("CryptoService", "hash_data", args as never);
      const { code, message } = await failureOf(call);
      expect(code).toBe("ERR_INVALID_ARG_TYPE");
      expect(message).toContain("args must be an array (by position) or an object (by name), got");
    },
  );

  it("fails when it is made where a service has no way to run", () => {
    expect(() => new Runtime({ services: [Texts] })).toThrow(
      'Texts.join cannot be called: its api is "http" and the client has no baseUrl',
    );
    expect(() => new Runtime({ services: [CryptoService, CryptoService] })).toThrow(
      'services has a second "CryptoService"',
    );
  });
});
