import { describe, expect, it } from "vitest";
import { createClient, defineService, SERVICE_CODES, ServiceError, t } from "../../../src/index.js";
import { inMemoryTransport } from "../../../src/testing/index.js";
import { failureOf } from "../client/servers.js";

describe("ServiceError", () => {
  it("has one of the standard codes", () => {
    for (const code of Object.keys(SERVICE_CODES) as (keyof typeof SERVICE_CODES)[]) {
      if (code !== "OK") expect(new ServiceError(code, "text").code).toBe(code);
    }
  });

  it.each([
    ["OK", '"OK"'],
    ["TEAPOT", '"TEAPOT"'],
    ["toString", '"toString"'],
    [404, "404"],
  ])("is not made with %s", (code, got) => {
    expect(() => new ServiceError(code as "ABORTED", "text")).toThrow(
      new RegExp(`^code of a ServiceError must be one of CANCELLED, UNKNOWN, .*, got ${got}$`),
    );
  });

  it("of a handler's with another code is the handler's mistake, and logged", async () => {
    const logged: unknown[] = [];
    const Shop = defineService({
      name: "Shop",
      methods: {
        buy: {
          parameters: [],
          result: t.null(),
          handler: () => {
            throw new ServiceError("SOLD_OUT" as "ABORTED", "no tea");
          },
        },
      },
    });
    const logger = { error: ({ err }: { readonly err: unknown }) => logged.push(err) };
    const transport = inMemoryTransport([Shop], { logger });
    await using shop = createClient(Shop, { transport });
    expect(await failureOf(() => shop.buy())).toEqual({
      code: "INTERNAL",
      message: "Shop.buy failed",
    });
    expect(String(logged[0])).toMatch(
      /^TypeError: code of a ServiceError must be one of .*"SOLD_OUT"$/,
    );
    await transport.close();
  });
});
