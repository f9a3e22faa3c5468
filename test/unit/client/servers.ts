import { afterEach } from "vitest";
import type { ServiceSource } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";

export interface CountedServer {
  readonly url: string;
  readonly server: Server;
  /** How many requests of `/api` have arrived. */
  readonly count: () => number;
  readonly close: () => Promise<void>;
}

const open: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** A server on a free port of this machine that counts its calls; closed after the test. */
export async function startServer(...services: ServiceSource[]): Promise<CountedServer> {
  const server = createServer({ services, logger: { error: () => undefined } });
  let count = 0;
  server.app.addHook("onRequest", async ({ url }) => {
    if (url.startsWith("/api/")) count++;
  });
  const { url } = await server.listen();
  open.push(server);
  return { url, server, count: () => count, close: () => server.close() };
}

/** The error that a call ends with, as callers tell errors apart. */
export async function failureOf(
  call: () => unknown,
): Promise<{ readonly code: unknown; readonly message: string }> {
  try {
    await call();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return { code, message };
  }
  throw new Error("the call did not fail");
}
