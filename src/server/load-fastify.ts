import { createRequire } from "node:module";
import type { FastifyInstance, FastifyServerOptions } from "fastify";

type CreateFastify = (options: FastifyServerOptions) => FastifyInstance;

/**
 * Fastify is an optional peer: whoever only calls services need not install it. It is a CommonJS
 * package, so it can be loaded when it is needed and still at once.
 */
export function loadFastify(): CreateFastify {
  try {
    return createRequire(import.meta.url)("fastify") as CreateFastify;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error("nearfar/server needs the package fastify: npm install fastify@5", {
      cause: error,
    });
  }
}
