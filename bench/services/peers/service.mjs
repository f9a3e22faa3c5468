// The service of nearfar, for its own client and for bare ones: a greeting, and a stream of items.
import { defineService, t } from "../../../dist/index.js";
import { createServer } from "../../../dist/server/index.js";
import { greet, items } from "../work.mjs";

export const Greeter = defineService({
  name: "Greeter",
  api: "http",
  methods: {
    greet: { parameters: [t.param("name", t.string())], result: t.string(), handler: greet },
    list: {
      parameters: [t.param("count", t.integer())],
      result: t.stream(t.object({ index: t.integer(), name: t.string() })),
      handler: async function* (count) {
        yield* items(count);
      },
    },
  },
});

export async function serve() {
  const { url } = await createServer({ services: [Greeter] }).listen();
  return url;
}
