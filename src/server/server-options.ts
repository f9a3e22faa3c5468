import { ArgumentError } from "../errors/index.js";
import {
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requireString,
} from "../internal/options.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { PLUGIN_OPTION_NAMES, type PluginOptions } from "./plugin-options.js";
import type { ServerTlsOptions } from "./tls-options.js";

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

export interface ServerOptions extends PluginOptions {
  /** Default "127.0.0.1": reachable from this machine only. */
  readonly host?: string;
  /** 0 to 65535; 0, the default, takes a free one. */
  readonly port?: number;
  /** A Unix socket to listen on instead of a port. */
  readonly socketPath?: string;
  /** Serves https, and tells callers by their certificates if it is to. Default: http. */
  readonly tls?: ServerTlsOptions;
  /** Takes HTTP/2 and HTTP/1.1 on the same port, as the caller prefers. Needs `tls`. */
  readonly http2?: boolean;
  /**
   * Writes JSON lines to standard output (pino), from this level on: one for each call at "info".
   * Default: no lines; handlers that fail go to standard error.
   */
  readonly logLevel?: (typeof LOG_LEVELS)[number];
  /** How long the headers of a request may be in all. 1,024 to 2^20, default 16,384. */
  readonly headerLimitBytes?: number;
  /** How long the headers of a request may take. Default 10,000. */
  readonly headerTimeoutMs?: number;
  /**
   * How long a whole request may take to arrive and, where a caller streams, how long nothing may
   * arrive of it. Default 60,000.
   */
  readonly requestTimeoutMs?: number;
  /** Connections at once; further ones are closed. Default: any number. */
  readonly maxConnections?: number;
  /** How long `close` has `/readyz` say no before calls are refused. Default 0. */
  readonly drainMs?: number;
  /** How long `close` waits for calls in progress before it cuts them off. Default 10,000. */
  readonly closeGraceMs?: number;
  /**
   * Proxies whose `x-forwarded-*` headers are believed: their addresses or networks. Default: none.
   */
  readonly trustProxy?: readonly string[];
}

const SERVER_OPTION_NAMES = [
  "services",
  "host",
  "port",
  "socketPath",
  "tls",
  "http2",
  "logLevel",
  "headerLimitBytes",
  "headerTimeoutMs",
  "requestTimeoutMs",
  "maxConnections",
  "drainMs",
  "closeGraceMs",
  "trustProxy",
  ...PLUGIN_OPTION_NAMES.filter((name) => name !== "services"),
] as const satisfies readonly (keyof ServerOptions)[];

/** Options of the server itself, with every value filled in. */
export interface ServerSettings extends Pick<ServerOptions, "socketPath" | "tls" | "logLevel"> {
  readonly host: string;
  readonly port: number;
  readonly http2: boolean;
  readonly headerLimitBytes: number;
  readonly headerTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxConnections: number | undefined;
  readonly drainMs: number;
  readonly closeGraceMs: number;
  readonly trustProxy: readonly string[];
}

export function resolveServerOptions(options: ServerOptions): ServerSettings {
  requireKnownOptions(options, SERVER_OPTION_NAMES, "server options");
  const { host = "127.0.0.1", port = 0, socketPath, tls, http2 = false, logLevel } = options;
  const {
    // Node's own default.
    headerLimitBytes = 16_384,
    headerTimeoutMs = 10_000,
    // Long enough for a large body on a slow line; senders that trickle do not pile up.
    requestTimeoutMs = 60_000,
    maxConnections,
    drainMs = 0,
    closeGraceMs = 10_000,
    trustProxy = [],
  } = options;
  requireString(host, "host");
  requireInteger(port, "port", 0, 65_535);
  if (socketPath !== undefined) requireString(socketPath, "socketPath");
  if (http2 && tls === undefined) {
    throw new ArgumentError("http2 needs tls: in clear text HTTP/1.1 would be refused");
  }
  if (logLevel !== undefined) {
    requireOneOf(logLevel, "logLevel", LOG_LEVELS);
    if (options.logger !== undefined) {
      throw new ArgumentError("logLevel and logger must not both be given");
    }
  }
  requireInteger(headerLimitBytes, "headerLimitBytes", 1024, 2 ** 20);
  requireInteger(headerTimeoutMs, "headerTimeoutMs", 1, MAX_TIMEOUT_MS);
  requireInteger(requestTimeoutMs, "requestTimeoutMs", 1, MAX_TIMEOUT_MS);
  if (maxConnections !== undefined) requireInteger(maxConnections, "maxConnections", 1, 2 ** 30);
  requireInteger(drainMs, "drainMs", 0, MAX_TIMEOUT_MS);
  requireInteger(closeGraceMs, "closeGraceMs", 0, MAX_TIMEOUT_MS);
  return {
    host,
    port,
    ...(socketPath !== undefined && { socketPath }),
    ...(tls !== undefined && { tls }),
    http2,
    ...(logLevel !== undefined && { logLevel }),
    headerLimitBytes,
    headerTimeoutMs,
    requestTimeoutMs,
    maxConnections,
    drainMs,
    closeGraceMs,
    trustProxy,
  };
}
