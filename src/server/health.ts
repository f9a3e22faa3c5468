import type { FastifyInstance } from "fastify";

/** `/livez`: the process answers. `/readyz`: it takes calls; 503 once `isReady` says no. */
export function addHealth(app: FastifyInstance, isReady: () => boolean): void {
  app.get("/livez", async () => ({ status: "live" }));
  app.get("/readyz", async (_, reply) => {
    if (isReady()) return { status: "ready" };
    return reply.code(503).send({ status: "closing" });
  });
}
