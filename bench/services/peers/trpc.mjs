import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { greet, items } from "../work.mjs";

const text = (value) => {
  if (typeof value !== "string") throw new TypeError("a string is wanted");
  return value;
};
const integer = (value) => {
  if (!Number.isInteger(value)) throw new TypeError("an integer is wanted");
  return value;
};

export function serve() {
  const { router, procedure } = initTRPC.create();
  const server = createHTTPServer({
    router: router({
      greet: procedure.input(text).mutation(({ input }) => greet(input)),
      list: procedure.input(integer).query(async function* ({ input }) {
        yield* items(input);
      }),
    }),
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

export async function connect(url) {
  const client = createTRPCClient({
    links: [
      splitLink({
        condition: ({ type }) => type === "mutation",
        true: httpLink({ url }),
        false: httpBatchStreamLink({ url }),
      }),
    ],
  });
  return {
    call: (name) => client.greet.mutate(name),
    stream: async (count) => {
      let received = 0;
      for await (const item of await client.list.query(count)) received += item.index >= 0 ? 1 : 0;
      return received;
    },
  };
}
