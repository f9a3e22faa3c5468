import { describe, expect, it } from "vitest";
import type { Transport, TransportRequest } from "../../../src/call/index.js";
import { createClient } from "../../../src/client/index.js";
import { defineService, t } from "../../../src/service/index.js";

describe("the headers of $with", () => {
  it("are those it was given, whatever becomes of the object before the first call", async () => {
    const requests: TransportRequest[] = [];
    const transport: Transport = {
      target: "memory",
      call: async (request) => {
        requests.push(request);
        return { value: 1, headers: {} };
      },
      close: async () => {},
    };
    const service = defineService({
      name: "Numbers",
      api: "http",
      methods: { one: { parameters: [], result: t.number() } },
    });
    const headers: Record<string, string> = { "x-tenant": "first" };
    const client = createClient(service, { transport }).$with({ headers });
    headers["x-tenant"] = "second";
    await client.one();
    expect(requests.map((request) => request.headers)).toStrictEqual([{ "x-tenant": "first" }]);
  });
});
