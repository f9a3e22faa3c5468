import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { ServerOptions } from "../server/index.js";
import { CommandFailure } from "./failure.js";
import { integerOption } from "./options.js";

/** What the command line says of a server. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly http2?: boolean;
  readonly cors?: readonly string[];
  readonly metrics?: boolean;
  readonly docs?: boolean;
  readonly log?: NonNullable<ServerOptions["logLevel"]>;
  readonly concurrentCalls?: number;
  readonly callsPerSecond?: number;
  readonly drain: number;
  readonly grace: number;
}

const MOST = 2 ** 30;

export function addServeOptions(command: Command): Command {
  const count = integerOption(1, MOST);
  const wait = integerOption(0, 2 ** 31 - 1);
  return command
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--port <number>", "0 for a free one", integerOption(0, 65_535), 3000)
    .addOption(
      new Option("--socket <path>", "listen on a Unix socket instead").conflicts(["host", "port"]),
    )
    .option("--tls-cert <file>", "serve https with this certificate (PEM)")
    .option("--tls-key <file>", "the private key of the certificate (PEM)")
    .option("--tls-client-ca <file>", "require callers' certificates, signed by this authority")
    .option("--http2", "HTTP/2 next to HTTP/1.1; needs --tls-cert")
    .option("--cors <origin...>", "let pages of these origins call; '*' for all")
    .option("--metrics", "/metrics in Prometheus' format")
    .option("--docs", "/docs, a page to read the API and try it")
    .addOption(
      new Option("--log <level>", "JSON lines on standard output").choices([
        "debug",
        "info",
        "warn",
        "error",
      ]),
    )
    .option(
      "--concurrent-calls <number>",
      "answer so many at once; others wait for a second",
      count,
    )
    .option("--calls-per-second <number>", "of each caller", count)
    .option("--drain <ms>", "how long /readyz says no before the server stops", wait, 0)
    .option("--grace <ms>", "how long calls in progress may take then", wait, 10_000);
}

/** The same as `createServer` takes it. Throws a CommandFailure for a file that cannot be read. */
export function serverOptionsOf(options: ServeOptions): Omit<ServerOptions, "services"> {
  const { host, port, socket, cors, log, concurrentCalls, callsPerSecond } = options;
  const { metrics = false, docs = false, http2 = false } = options;
  return {
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    ...tlsOf(options),
    ...(http2 && { http2 }),
    ...(cors !== undefined && { cors: { origins: cors.includes("*") ? "*" : cors } }),
    ...(log !== undefined && { logLevel: log }),
    metrics,
    referencePage: docs,
    limits: {
      ...(concurrentCalls !== undefined && { concurrentCalls }),
      ...(callsPerSecond !== undefined && { callsPerSecond }),
    },
    drainMs: options.drain,
    closeGraceMs: options.grace,
  };
}

function tlsOf({ tlsCert, tlsKey, tlsClientCa }: ServeOptions): Pick<ServerOptions, "tls"> {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandFailure("TLS needs both --tls-cert and --tls-key");
  }
  const client =
    tlsClientCa === undefined
      ? {}
      : { ca: read(tlsClientCa), clientCertificates: "required" as const };
  return { tls: { cert: read(tlsCert), key: read(tlsKey), ...client } };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandFailure(`${file}: ${(error as Error).message}`);
  }
}
