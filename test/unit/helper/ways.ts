import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTo, type HelperClient, HelperProcess, type Line } from "./helper-client.js";

/** A way to talk to the helper: what carries the lines, and in which shapes. */
export interface Way {
  readonly name: string;
  readonly isSocket: boolean;
  readonly isCompatible: boolean;
}

export const ways: readonly Way[] = [
  { name: "stdio, documented shapes", isSocket: false, isCompatible: false },
  { name: "stdio, original shapes", isSocket: false, isCompatible: true },
  { name: "socket, documented shapes", isSocket: true, isCompatible: false },
  { name: "socket, original shapes", isSocket: true, isCompatible: true },
];

/** A conversation that reads the same in every way. */
export interface Conversation {
  readonly client: HelperClient;
  /** Sends a request and gives the members of its answer, whichever shape they come in. */
  ask(request: object): Promise<Readonly<Record<string, unknown>>>;
  /** The code of the error that a request must be answered with. */
  codeOf(request: object): Promise<string>;
  close(): Promise<void>;
}

/** Options besides the mode. */
export async function open(way: Way, args: readonly string[] = []): Promise<Conversation> {
  const options = [...args, ...(way.isCompatible ? ["--compat"] : [])];
  if (!way.isSocket) {
    const helper = new HelperProcess(["--server", ...options]);
    return converse(way, helper, async () => {
      await helper.close();
    });
  }
  const directory = mkdtempSync(join(tmpdir(), "nearfar-"));
  const path = join(directory, "helper.sock");
  const helper = new HelperProcess(["--socket", path, ...options]);
  const client = await connectTo(path);
  return converse(way, client, async () => {
    client.close();
    helper.child.kill("SIGTERM");
    await helper.ended();
    rmSync(directory, { recursive: true });
  });
}

function converse(way: Way, client: HelperClient, close: () => Promise<void>): Conversation {
  return {
    client,
    close,
    async ask(request) {
      const { ok, error, id, ...members } = await client.request(request);
      if (ok !== true) throw new Error(`${error?.code}: ${error?.message}`);
      return membersOf(way, members);
    },
    async codeOf(request) {
      const { ok, error } = await client.request(request);
      if (ok !== false || error === undefined) throw new Error("the request was not refused");
      return error.code;
    },
  };
}

/** The original program put all but the result of a call into `result`. */
function membersOf(way: Way, members: Line): Readonly<Record<string, unknown>> {
  const { result } = members;
  const isNested = way.isCompatible && typeof result === "object" && result !== null;
  return isNested ? (result as Record<string, unknown>) : members;
}
