// A Fastify application that exists already mounts services in three lines.
import Fastify from "fastify";
import { createClient } from "nearfar";
import { nearfarPlugin } from "nearfar/server";
import { CryptoService } from "nearfar/services";

const app = Fastify();
app.get("/", async () => "the application's own");

app.register(nearfarPlugin, {
  services: [CryptoService],
});

const baseUrl = await app.listen({ port: 0 });
const client = createClient(CryptoService, { baseUrl, mode: "http" });
console.log(await (await fetch(baseUrl)).text());
console.log(await client.hash_data("Hello, World!"));
await client.$close();
await app.close();
