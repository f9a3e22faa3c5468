import { defineService, t } from "../../dist/index.js";

/** Items that were asked of `Target.items` so far. */
export const produced = { items: 0 };

/** What is called well and badly. */
export const Target = defineService({
  name: "Target",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x },
    length: {
      parameters: [t.param("text", t.string())],
      result: t.integer(),
      handler: (text) => text.length,
    },
    items: {
      parameters: [t.param("count", t.uint32()), t.param("bytes", t.uint32())],
      result: t.stream(t.string()),
      idempotent: true,
      handler: async function* (count, bytes) {
        const item = "x".repeat(bytes);
        for (produced.items = 0; produced.items < count; produced.items++) yield item;
      },
    },
  },
});
