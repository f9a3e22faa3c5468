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

  it.each([
    ...["content-length", "content-type", "transfer-encoding", "connection", "upgrade", "expect"],
    ...["accept", "nearfar-timeout-ms"],
  ])("are no place for %s, as where all of another request are passed on", (name) => {
    const service = defineService({
      name: "Numbers",
      methods: { one: { parameters: [], result: t.number() } },
    });
    const client = createClient(service, { baseUrl: "http://127.0.0.1:1" });
    expect(() => client.$with({ headers: { "x-tenant": "a", [name]: "5" } })).toThrow(
      `headers must not have "${name}", which is the transport's own`,
    );
  });
});
