import { createServer } from "../../server/index.js";
import type { ServerAddresses } from "./server.js";
import { benchServices } from "./services.js";

/**
 * The server of the bench, in a process of its own: run by `startServerProcess` with the path of
 * the Unix socket as its argument. It tells its addresses and lives as long as its parent.
 */
const [, , socketPath] = process.argv;

process.on("disconnect", () => process.exit());
// Ctrl-C reaches the whole process group; the parent ends this process when it has finished.
process.on("SIGINT", () => undefined);

process.send?.(await listen());

async function listen(): Promise<ServerAddresses> {
  const tcp = await createServer({ services: benchServices }).listen();
  if (socketPath === undefined) {
    return { tcp: tcp.url, unixProblem: "Node.js has no Unix sockets on Windows." };
  }
  try {
    const unix = await createServer({ services: benchServices, socketPath }).listen();
    return { tcp: tcp.url, unix: unix.url };
  } catch (error) {
    return { tcp: tcp.url, unixProblem: error instanceof Error ? error.message : String(error) };
  }
}
