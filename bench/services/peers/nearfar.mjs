import { createClient } from "../../../dist/index.js";
import { Greeter, serve } from "./service.mjs";

export { serve };

export async function connect(baseUrl) {
  const client = createClient(Greeter, { baseUrl });
  return {
    call: (name) => client.greet(name),
    stream: async (count) => {
      let received = 0;
      for await (const item of client.list(count)) received += item.index >= 0 ? 1 : 0;
      return received;
    },
  };
}
