// A bare Fastify server that validates nothing, called by a bare pooled undici request.
import Fastify from "fastify";
import { greet } from "../work.mjs";

export { connect } from "./undici.mjs";

export async function serve() {
  const app = Fastify();
  app.post("/api/Greeter/greet", async (request) => JSON.stringify(greet(request.body[0])));
  return app.listen({ port: 0, host: "127.0.0.1" });
}
