import { expect, it, vi } from "vitest";
import type * as isolation from "../../../src/isolate/index.js";
import { sharesMemory } from "../../support/shares-memory.js";

// The tests of isolates once more, over the socket; not those of repeats, which count the ends of
// helpers in shared memory.
vi.mock(import("../../../src/isolate/index.js"), async (original) => {
  const actual = await original();
  class SocketIsolate extends actual.Isolate {
    constructor(options?: isolation.IsolateOptions) {
      super({ channel: "socket", ...options });
    }
  }
  return { ...actual, Isolate: SocketIsolate };
});

await import("./calls.test.js");
await import("./map.test.js");
await import("./many-calls.test.js");
await import("./crashes.test.js");
await import("./threads.test.js");

it("are over the socket indeed", async () => {
  const { Isolate } = await import("../../../src/isolate/index.js");
  expect(new Isolate().channel).toBe("socket");
  expect(new Isolate({ channel: "auto" }).channel).toBe(sharesMemory() ? "memory" : "socket");
});
