import { createRequire } from "node:module";

/** The packages that are needed by some only, and the versions that are known to do. */
const PEERS = {
  fastify: "5",
  "prom-client": "15",
  "@fastify/cors": "11",
  "@scalar/fastify-api-reference": "1",
} as const;

const load = createRequire(import.meta.url);

/**
 * Loads an optional peer: whoever does without what needs it does not install it. All of them can
 * be loaded by `require`, so when they are needed and still at once. `user` is what needs it.
 */
export function loadPeer<T>(name: keyof typeof PEERS, user: string): T {
  try {
    return load(name) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`${user} needs the package ${name}: npm install ${name}@${PEERS[name]}`, {
      cause: error,
    });
  }
}
