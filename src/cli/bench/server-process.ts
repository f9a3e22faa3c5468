import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "../../server/index.js";
import type { ServerAddresses, ServerStart } from "./server.js";
import { benchServices } from "./services.js";

/**
 * The server of the bench, in a process of its own: run by `startServerProcess`. It tells its
 * addresses, lives as long as its parent, and leaves nothing behind.
 */
process.on("disconnect", () => process.exit());
// Ctrl-C reaches the whole process group; the parent ends this process when it has finished.
process.on("SIGINT", () => undefined);

process.send?.(await start());

async function start(): Promise<ServerStart> {
  try {
    const { url } = await createServer({ services: benchServices }).listen();
    return { tcp: url, ...(await listenOnSocket()) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function listenOnSocket(): Promise<Omit<ServerAddresses, "tcp">> {
  if (process.platform === "win32") {
    return { unixProblem: "Node.js has no Unix sockets on Windows." };
  }
  const directory = mkdtempSync(join(tmpdir(), "nearfar-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const socketPath = join(directory, "server.sock");
  try {
    const { url } = await createServer({ services: benchServices, socketPath }).listen();
    return { unix: url };
  } catch (error) {
    return { unixProblem: error instanceof Error ? error.message : String(error) };
  }
}
