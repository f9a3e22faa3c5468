// Connect's own protocol over HTTP/2 in clear text, the quicker of what connect-node offers.
import { createServer } from "node:http2";
import { createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import { greet, items } from "../work.mjs";
import { Greeter } from "./protobuf.mjs";

export function serve() {
  const routes = (router) =>
    router.service(Greeter, {
      greet: ({ name }) => ({ text: greet(name) }),
      list: async function* ({ count }) {
        yield* items(count);
      },
    });
  const server = createServer(connectNodeAdapter({ routes }));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

export async function connect(baseUrl) {
  const transport = createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true });
  const client = createClient(Greeter, transport);
  return {
    call: async (name) => (await client.greet({ name })).text,
    stream: async (count) => {
      let received = 0;
      for await (const item of client.list({ count })) received += item.index >= 0 ? 1 : 0;
      return received;
    },
  };
}
