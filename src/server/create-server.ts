import type { FastifyInstance } from "fastify";
import type { ErrorLogger } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { requireInteger, requireKnownOptions, requireString } from "../internal/options.js";
import { toServiceError } from "../service/to-service-error.js";
import { listenOnSocket } from "./listen-on-socket.js";
import { loadFastify } from "./load-fastify.js";
import {
  DEFAULT_BODY_LIMIT_BYTES,
  nearfarPlugin,
  PLUGIN_OPTION_NAMES,
  type PluginOptions,
} from "./plugin.js";
import { refusalOf, sendProblem } from "./problem-reply.js";

export interface ServerOptions extends PluginOptions {
  /** Default "127.0.0.1": reachable from this machine only. */
  readonly host?: string;
  /** 0 to 65535; 0, the default, takes a free one. */
  readonly port?: number;
  /** A Unix socket to listen on instead of a port. */
  readonly socketPath?: string;
}

export interface Server {
  /** The Fastify application, for routes, hooks and plugins of one's own before `listen`. */
  readonly app: FastifyInstance;
  /** Starts listening; `url` is what `createClient` takes as `baseUrl`. */
  listen(): Promise<{ readonly url: string }>;
  /** Answers what is being answered, refuses what is new, and stops. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long a request may take to arrive, so that trickling senders do not pile up: 60 s. */
const REQUEST_TIMEOUT_MS = 60_000;

/** How long `close` waits for calls in progress before it cuts their connections: 10 s. */
const CLOSE_GRACE_MS = 10_000;
const IDLE_SWEEP_MS = 10;

const CONSOLE: ErrorLogger = {
  error: ({ err }, message) => console.error(`nearfar: ${message}`, err),
};

/** A server for services. Throws an ArgumentError for a bad option or definition. */
export function createServer(options: ServerOptions): Server {
  requireKnownOptions(
    options,
    ["services", "host", "port", "socketPath", ...PLUGIN_OPTION_NAMES.slice(1)],
    "server options",
  );
  const { host = "127.0.0.1", port = 0, socketPath, logger = CONSOLE, ...rest } = options;
  requireString(host, "host");
  requireInteger(port, "port", 0, 65_535);
  if (socketPath !== undefined) requireString(socketPath, "socketPath");
  const app = loadFastify()({
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: (error, _, reply) => {
      sendProblem(
        reply,
        refusalOf(error, DEFAULT_BODY_LIMIT_BYTES) ?? toServiceError(error, "the request"),
      );
    },
  });
  addHealth(app);
  app.setNotFoundHandler((request, reply) => {
    const message = `nothing is at ${request.method} ${request.url.slice(0, 64)}`;
    sendProblem(reply, new ServiceError("NOT_FOUND", message));
  });
  app.register(nearfarPlugin, { ...rest, logger });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeApp(app);
    return closing;
  };
  return {
    app,
    listen: async () => {
      if (socketPath !== undefined) {
        await listenOnSocket(app, socketPath);
        return { url: `unix:${socketPath}` };
      }
      return { url: await app.listen({ host, port }) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** `/livez`: the process answers. `/readyz`: it takes calls; 503 once it is closing. */
function addHealth(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.get("/livez", async () => ({ status: "live" }));
  app.get("/readyz", async (_, reply) => {
    if (!isClosing) return { status: "ready" };
    return reply.code(503).send({ status: "closing" });
  });
}

async function closeApp(app: FastifyInstance): Promise<void> {
  const { server } = app;
  // Node closes the connections that are idle now; those that become idle later would stay open.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
