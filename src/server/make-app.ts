import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from "fastify";
import { ServiceError, untraced } from "../errors/index.js";
import { toServiceError } from "../service/to-service-error.js";
import { answerClientError } from "./client-error.js";
import { requireOneHost } from "./host-header.js";
import { loadPeer } from "./load-peer.js";
import { refusalOf, sendProblem } from "./problem-reply.js";
import { requestId, sendRequestId } from "./request-id.js";
import { limitRequests } from "./request-timeouts.js";
import type { ServerSettings } from "./server-options.js";
import { resolveTls } from "./tls-options.js";

type Fastify = typeof import("fastify");

/** How often Node looks for requests that take too long; its own default of 30 s is too seldom. */
const TIMEOUT_CHECK_MS = 1_000;

/** The Fastify application of a server, without routes. */
export function makeApp(
  settings: ServerSettings,
  bodyLimitBytes: number,
  logger: FastifyBaseLogger | undefined,
): FastifyInstance {
  const { fastify, LogController } = loadPeer<Fastify>("fastify", "nearfar/server");
  const { logLevel, trustProxy, maxConnections } = settings;
  const app: FastifyInstance = fastify({
    ...protocolOptions(settings),
    clientErrorHandler: answerClientError,
    genReqId: requestId,
    // Calls are logged by the plugin, by the names of their methods.
    logController: new LogController({ disableRequestLogging: true }),
    ...(logLevel !== undefined && { logger: { level: logLevel } }),
    ...(logger !== undefined && { loggerInstance: logger }),
    ...(trustProxy.length > 0 && { trustProxy: [...trustProxy] }),
    frameworkErrors: (error, request, reply) => {
      // Before any hook.
      watch.began(request.raw, reply.raw);
      sendProblem(reply, refusalOf(error, bodyLimitBytes) ?? toServiceError(error, "the request"));
    },
  });
  if (maxConnections !== undefined) app.server.maxConnections = maxConnections;
  // For HTTP/1.1 next to HTTP/2, where Node takes no such option.
  app.server.headersTimeout = headerTimeout(settings);
  const { requestTimeoutMs } = settings;
  const watch = limitRequests(app.server, requestTimeoutMs, checkInterval(settings));
  app.addHook("onClose", async () => watch.stop());
  // One hook for all: each, and each listener of the server's, is asked for on the path of every
  // request.
  app.addHook("onRequest", (request, reply, proceed) => {
    watch.began(request.raw, reply.raw);
    sendRequestId(request, reply);
    requireOneHost(request, reply, proceed);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `nothing is at ${request.method} ${request.url.slice(0, 64)}`;
    sendProblem(
      reply,
      untraced(() => new ServiceError("NOT_FOUND", message)),
    );
  });
  return app;
}

function protocolOptions(settings: ServerSettings): FastifyServerOptions {
  const { tls, http2, headerLimitBytes } = settings;
  const http = {
    maxHeaderSize: headerLimitBytes,
    connectionsCheckingInterval: checkInterval(settings),
  };
  if (tls === undefined) return { http } as FastifyServerOptions;
  const https = { ...http, ...resolveTls(tls) };
  if (!http2) return { https } as FastifyServerOptions;
  return { http2: true, https: { ...https, allowHTTP1: true } } as FastifyServerOptions;
}

function checkInterval(settings: ServerSettings): number {
  return Math.min(TIMEOUT_CHECK_MS, headerTimeout(settings));
}

/** Headers come before the end of a request. */
function headerTimeout({ headerTimeoutMs, requestTimeoutMs }: ServerSettings): number {
  return Math.min(headerTimeoutMs, requestTimeoutMs);
}
