import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ErrorLogger } from "../call/index.js";
import { ArgumentError, describeValue, ServiceError } from "../errors/index.js";
import { addHealth } from "./health.js";
import { listenOnSocket } from "./listen-on-socket.js";
import { makeApp } from "./make-app.js";
import { nearfarPlugin } from "./plugin.js";
import {
  DEFAULT_BODY_LIMIT_BYTES,
  PLUGIN_OPTION_NAMES,
  type PluginOptions,
} from "./plugin-options.js";
import { resolveServerOptions, type ServerOptions } from "./server-options.js";
import { Shutdown } from "./shutdown.js";

export interface Server {
  /** The Fastify application, for routes, hooks and plugins of one's own before `listen`. */
  readonly app: FastifyInstance;
  /** Starts listening, once; `url` is what `createClient` takes as `baseUrl`. */
  listen(): Promise<{ readonly url: string }>;
  /** Answers what is being answered, refuses what is new, and stops. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const CONSOLE: ErrorLogger = {
  error: ({ err }, message) => console.error(`nearfar: ${message}`, err),
};

/** A server for services. Throws an ArgumentError for a bad option or definition. */
export function createServer(options: ServerOptions): Server {
  const settings = resolveServerOptions(options);
  const { host, port, socketPath } = settings;
  const { bodyLimitBytes = DEFAULT_BODY_LIMIT_BYTES, logger } = options;
  const app = makeApp(settings, bodyLimitBytes, isStructured(logger) ? logger : undefined);
  const shutdown = new Shutdown(app, settings);
  addHealth(app, () => shutdown.isReady);
  app.register(nearfarPlugin, pluginOptionsOf(options));
  const start = async (): Promise<{ readonly url: string }> => {
    if (socketPath === undefined) return { url: await app.listen({ host, port }) };
    await listenOnSocket(app, socketPath);
    return { url: `unix:${socketPath}` };
  };
  let listening: ReturnType<typeof start> | undefined;
  const close = (): Promise<void> => shutdown.close(listening);
  return {
    app,
    listen: async (...given: readonly unknown[]) => {
      requireNone(given);
      if (shutdown.hasBegun) throw new ServiceError("FAILED_PRECONDITION", "the server is closed");
      if (listening !== undefined) {
        const { url } = await listening;
        throw new ServiceError("FAILED_PRECONDITION", `the server listens already, at ${url}`);
      }
      listening = start();
      listening.catch(() => {
        listening = undefined; // To be tried again, when the port is free.
      });
      return listening;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Elsewhere `listen` takes a port: here it would listen on another one, and say nothing. */
function requireNone(given: readonly unknown[]): void {
  if (given.length === 0) return;
  throw new ArgumentError(
    "listen takes no arguments: give port, host or socketPath to createServer, " +
      `got ${describeValue(given[0])}`,
  );
}

/** A server of its own says more of itself than a part of somebody else's application. */
function pluginOptionsOf(options: ServerOptions): PluginOptions {
  const given = PLUGIN_OPTION_NAMES.filter((name) => options[name] !== undefined);
  const { logLevel, logger } = options;
  const logsLines = logLevel !== undefined || isStructured(logger);
  const { logger: _, ...rest } = Object.fromEntries(given.map((name) => [name, options[name]]));
  return {
    openApi: true,
    logCalls: logsLines,
    // Without, handlers that fail are told of with the id of their request.
    ...(!logsLines && { logger: logger ?? CONSOLE }),
    ...(rest as unknown as PluginOptions),
  };
}

/** Such as pino's: it makes loggers of requests. */
function isStructured(logger: ErrorLogger | undefined): logger is FastifyBaseLogger {
  return typeof (logger as Partial<FastifyBaseLogger> | undefined)?.child === "function";
}
