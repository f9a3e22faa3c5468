// One service near, aside and far: the caller is the same, and so are the results. What crashes
// aside, or in a helper of the server, is an error of one call.
//   node examples/aside.mjs
import { createClient, defineService } from "nearfar";
import { createServer } from "nearfar/server";

const library = "libc.so.6";

/** As defined once; what differs is `isolate`. */
const textService = (isolate) =>
  defineService({
    name: "TextService",
    methods: {
      length: {
        native: { library, declaration: "size_t strlen(const char *text)", isolate },
        idempotent: true, // A call that waited behind a crash is made again.
      },
      // Stands for a parser that does not survive its input: 9 is SIGKILL.
      parse: { native: { library, declaration: "int raise(int number)", isolate } },
    },
  });

const server = createServer({ services: [textService(true)], logger: { error: () => {} } });
const { url } = await server.listen();
const clients = {
  near: createClient(textService(false)),
  aside: createClient(textService(true)),
  far: createClient(textService(true), { mode: "http", baseUrl: url }),
};

for (const [name, client] of Object.entries(clients)) {
  console.log(name, "goes", client.$routes.length.route, await client.length("twelve"));
}
// Not near: that would end this process.
for (const name of ["aside", "far"]) {
  const client = clients[name];
  const calls = [client.parse(9), client.length("seven")];
  const [parsed, length] = await Promise.allSettled(calls);
  console.log(name, parsed.reason.code, parsed.reason.message);
  console.log(name, length.value, await client.length("still here"));
}

await Promise.all(Object.values(clients).map((client) => client.$close()));
await server.close();
