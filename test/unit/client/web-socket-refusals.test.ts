import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, defineService, type ServiceClient, t } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { failureOf } from "./servers.js";

let answer: (text: string) => void;
const Echo = defineService({
  name: "Echo",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x },
    all: {
      parameters: [t.param("xs", t.stream(t.any()))],
      result: t.integer(),
      handler: async (xs) => {
        let count = 0;
        for await (const _ of xs) count++;
        return count;
      },
    },
    later: {
      parameters: [],
      result: t.string(),
      handler: () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    },
  },
});

describe("a call over a WebSocket that the server would not read", () => {
  let server: Server;
  let client: ServiceClient<typeof Echo>;
  beforeEach(async () => {
    server = createServer({ services: [Echo], bodyLimitBytes: 10_000 });
    const { url } = await server.listen();
    client = createClient(Echo, { baseUrl: url.replace("http:", "ws:"), retries: 0 });
  });
  afterEach(async () => {
    await client.$close();
    await server.close();
  });

  const poisoned = [
    JSON.parse('{"__proto__":1}'),
    { deep: [JSON.parse('{"__proto__":{"x":1}}')] },
    { constructor: { prototype: 1 } },
  ] as unknown[];

  it.each(poisoned)("fails alone, for its keys: %j", async (value) => {
    const later = client.later();
    const refusal = {
      code: "INVALID_ARGUMENT",
      message: 'a message must be valid JSON without "__proto__" keys',
    };
    expect(await failureOf(() => client.echo(value))).toEqual(refusal);
    expect(await failureOf(() => client.all([1, value, 3]))).toEqual(refusal);
    expect(await client.echo({ text: '"__proto__": no key', constructor: 5 })).toEqual({
      text: '"__proto__": no key',
      constructor: 5,
    });
    answer("still there");
    expect(await later).toBe("still there");
  });

  it("says why the socket was closed: a message that is too large", async () => {
    const { code, message } = await failureOf(() => client.echo("x".repeat(20_000)));
    expect(code).toBe("UNAVAILABLE");
    expect(message).toMatch(/lost the connection to ws:[^ ]* \(1009: a message was too large/);
    expect(await client.echo("less")).toBe("less");
  });
});
