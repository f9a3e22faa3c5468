import { expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { startServer } from "./servers.js";

const ITEM = "x".repeat(1024 * 1024);
const ITEMS = 200;
let made = 0;

const Large = defineService({
  name: "Large",
  api: "http",
  methods: {
    items: {
      parameters: [],
      result: t.stream(t.string()),
      handler: async function* () {
        for (made = 0; made < ITEMS; made++) yield ITEM;
      },
    },
  },
});

/** How many items were made once no more are. */
async function settled(): Promise<number> {
  for (let last = -1; ; ) {
    if (made === last) return made;
    last = made;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

it.each(["http:", "ws:"])("large items that nobody reads are not fetched, over %s", async (way) => {
  const { url } = await startServer(Large);
  await using client = createClient(Large, { baseUrl: url.replace("http:", way) });
  let received = 0;
  for await (const item of client.items()) {
    expect(item.length).toBe(ITEM.length);
    received++;
    // The system's own buffers of a connection hold a few of them.
    if (received === 1 || received === 100) expect(await settled()).toBeLessThan(received + 70);
  }
  expect(received).toBe(ITEMS);
});
