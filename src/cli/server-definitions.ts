import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { parseServices, type ServiceSource } from "../service/index.js";
import { UsageError } from "./failure.js";

const UNIX = "unix:";

/** Whether a name is the address of a server: `http://…`, `https://…` or `unix:/path/to.sock`. */
export function isServer(name: string): boolean {
  return /^(https?:\/\/|unix:)/.test(name);
}

/**
 * The services of a running server, whose OpenAPI document holds the definitions that it was made
 * of.
 *
 * @throws UsageError where it cannot be reached, or is none of nearfar's
 */
export async function definitionsOfServer(base: string): Promise<ServiceSource[]> {
  const isUnix = base.startsWith(UNIX);
  const label = isUnix ? `/openapi.json of ${base}` : documentOf(base);
  const answer = isUnix ? askSocket(base.slice(UNIX.length)) : fetch(label).then(textOf);
  const { status, document } = await answer.catch((error: Error) => {
    const { cause } = error;
    const reason = cause instanceof Error ? cause.message : error.message;
    throw new UsageError(`${label} cannot be read: ${reason}`);
  });
  if (status !== 200) {
    throw new UsageError(
      `${label} answered ${status}; a server has it unless its option openApi is false`,
    );
  }
  const definitions = definitionsIn(document);
  if (definitions === undefined) throw new UsageError(`${label} is not of a nearfar server`);
  return parseServices(definitions, { file: label });
}

function documentOf(base: string): string {
  return base.endsWith(".json") ? base : `${base.replace(/\/+$/, "")}/openapi.json`;
}

interface Answer {
  readonly status: number;
  readonly document: string;
}

async function textOf(response: Response): Promise<Answer> {
  return { status: response.status, document: await response.text() };
}

/** Node's own `fetch` knows no Unix sockets. `unix:///path` is as good as `unix:/path`. */
async function askSocket(path: string): Promise<Answer> {
  const socketPath = path.replace(/^\/\/(?=\/)/, "");
  if (socketPath === "") throw new Error("the path of the socket is missing");
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ socketPath, path: "/openapi.json", agent: false }, resolve).once("error", reject);
  });
  return { status: response.statusCode ?? 0, document: await text(response) };
}

/** The definitions' text in an OpenAPI document; undefined for any other document. */
function definitionsIn(document: string): string | undefined {
  try {
    const fields = Object(JSON.parse(document)) as { readonly "x-nearfar"?: unknown };
    const definitions = fields["x-nearfar"];
    return typeof definitions === "string" ? definitions : undefined;
  } catch {
    return undefined;
  }
}
