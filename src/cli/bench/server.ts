import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../internal/package-info.js";
import { CommandFailure } from "../failure.js";

/** Base URLs of the server; `unixProblem` says why there is no Unix socket. */
export interface ServerAddresses {
  readonly tcp: string;
  readonly unix?: string;
  readonly unixProblem?: string;
}

/** What the process tells its parent first. */
export type ServerStart = ServerAddresses | { readonly problem: string };

export interface ServerProcess {
  readonly addresses: ServerAddresses;
  /** Ends the process and waits until it has ended. */
  close(): Promise<void>;
}

const serverScript = join(packageRoot, "dist", "cli", "bench", "server-process.js");

/**
 * Starts the server that the far calls go to. It is another process, as a real one would be: a
 * server that shares the caller's event loop measures neither.
 *
 * @throws CommandFailure when it does not listen
 */
export async function startServerProcess(signal: AbortSignal): Promise<ServerProcess> {
  const child = fork(serverScript);
  const ended = once(child, "exit");
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  try {
    const addresses = await Promise.race([receiveAddresses(child, signal), failOnExit(ended)]);
    if (process.env.NEARFAR_DEBUG === "1") {
      console.error(`nearfar: server process ${child.pid} listens on ${addresses.tcp}`);
    }
    return { addresses, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function receiveAddresses(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<ServerAddresses> {
  const [start] = (await once(child, "message", { signal })) as [ServerStart];
  if ("problem" in start) throw new CommandFailure(`the bench has no server: ${start.problem}`);
  return start;
}

async function failOnExit(ended: Promise<unknown[]>): Promise<never> {
  const [code] = await ended;
  throw new CommandFailure(`the server process of the bench ended with code ${code} at its start`);
}
