import { describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { callContext } from "../../../src/server/index.js";
import { startServer } from "../client/servers.js";

describe("callContext", () => {
  it("tells how much of the caller's time is left", async () => {
    const Clock = defineService({
      name: "Clock",
      api: "http",
      methods: {
        left: {
          parameters: [],
          result: t.array(t.integer()),
          handler: async () => {
            const context = callContext();
            const first = context.remainingMs ?? -1;
            await new Promise((resolve) => setTimeout(resolve, 20));
            return [context.timeoutMs ?? -1, first, context.remainingMs ?? -1];
          },
        },
      },
    });
    const { url } = await startServer(Clock);
    const client = createClient(Clock, { baseUrl: url });
    const [timeoutMs = 0, first = 0, later = 0] = await client.$with({ timeoutMs: 5_000 }).left();
    expect(timeoutMs).toBe(5_000);
    expect(first).toBeLessThanOrEqual(5_000);
    expect(later).toBeLessThanOrEqual(first - 10);
    await client.$close();
  });
});
