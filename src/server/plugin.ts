import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import {
  Dispatcher,
  type ErrorLogger,
  explainFailure,
  NDJSON_CONTENT_TYPE,
} from "../call/index.js";
import type { ServiceError } from "../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../internal/options.js";
import { notFound } from "../service/names.js";
import type { ServiceSource } from "../service/service-source.js";
import { addCborParser } from "./cbor-bodies.js";
import { confidentialGuard } from "./confidential.js";
import { methodRoute } from "./method-route.js";
import { HttpRefusal, refusalOf, sendProblem } from "./problem-reply.js";
import { type StreamRouteParts, streamRoute } from "./stream-route.js";
import { isUpload, UPLOAD_CONTENT_TYPE } from "./upload.js";

export interface PluginOptions {
  /** Decorated classes (made without arguments), instances, or what `defineService` gives. */
  readonly services: readonly ServiceSource[];
  /** The largest body that is read. 1 to 2^30, default 16 MiB. */
  readonly bodyLimitBytes?: number;
  /**
   * The largest body of `application/octet-stream`, which is not kept in memory, that a method with an
   * `upload` reads. 1 to 2^53 - 1, default 4 GiB.
   */
  readonly uploadLimitBytes?: number;
  /**
   * Takes confidential calls, such as those with private keys, from other machines in clear text too.
   * Default false: over TLS, a Unix socket and loopback only.
   */
  readonly allowClearTextSecrets?: boolean;
  /** Default: the Fastify application's own. */
  readonly logger?: ErrorLogger;
}

export const PLUGIN_OPTION_NAMES = [
  "services",
  "bodyLimitBytes",
  "uploadLimitBytes",
  "allowClearTextSecrets",
  "logger",
] as const satisfies readonly (keyof PluginOptions)[];

/** Enough for a 12 MiB buffer in base64; small enough that a few callers cannot fill the memory. */
export const DEFAULT_BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_BODY_LIMIT_BYTES = 2 ** 30;

/** A large file; a bound on the work that one request can cause. */
const DEFAULT_UPLOAD_LIMIT_BYTES = 4 * 2 ** 30;

/**
 * Serves `POST /api/<Service>/<method>` in a Fastify application. Content types, the error handler
 * and the rest stay inside: the application's other routes do not notice.
 */
export const nearfarPlugin: FastifyPluginCallback<PluginOptions> = (app, options, done) => {
  try {
    register(app, options);
    done();
  } catch (error) {
    done(error as Error);
  }
};

function register(app: FastifyInstance, options: PluginOptions): void {
  requireKnownOptions(
    options,
    [...PLUGIN_OPTION_NAMES, "prefix", "logLevel", "logSerializers"],
    "nearfarPlugin options",
  );
  const { bodyLimitBytes = DEFAULT_BODY_LIMIT_BYTES, logger } = options;
  const { uploadLimitBytes = DEFAULT_UPLOAD_LIMIT_BYTES, allowClearTextSecrets = false } = options;
  requireInteger(bodyLimitBytes, "bodyLimitBytes", 1, MAX_BODY_LIMIT_BYTES);
  requireInteger(uploadLimitBytes, "uploadLimitBytes", 1, Number.MAX_SAFE_INTEGER);
  requireBoolean(allowClearTextSecrets, "allowClearTextSecrets");
  const explain = (request: FastifyRequest, error: unknown): ServiceError =>
    explainFailure(error, labelOf(request.url), logger ?? request.log);
  const fail = (request: FastifyRequest, reply: FastifyReply, error: unknown): void => {
    // Gone with its caller, or answered already: there is nobody to tell.
    if (reply.sent) return;
    // What is left of a body that nobody reads any more would keep the connection busy.
    if (isUpload(request)) reply.header("connection", "close");
    sendProblem(reply, refusalOf(error, bodyLimitBytes) ?? explain(request, error));
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    app.getDefaultJsonParser("error", "error"),
  );
  addCborParser(app);
  app.addContentTypeParser(UPLOAD_CONTENT_TYPE, (_request, _payload, parsed) => parsed(null));
  app.addContentTypeParser(NDJSON_CONTENT_TYPE, (_request, _payload, parsed) => parsed(null));
  app.setErrorHandler((error, request, reply) => fail(request, reply, error));
  const dispatcher = new Dispatcher(options.services);
  addServices(app, dispatcher, {
    bodyLimitBytes,
    uploadLimitBytes,
    allowClearTextSecrets,
    fail,
    explain,
  });
  addUnknownRoutes(app, dispatcher, fail);
}

/** `Service.method` of a URL that a route has matched. */
function labelOf(url: string): string {
  return url.split("?", 1)[0]?.split("/").slice(-2).join(".") ?? url;
}

interface RouteSettings extends StreamRouteParts {
  readonly uploadLimitBytes: number;
  readonly allowClearTextSecrets: boolean;
}

function addServices(app: FastifyInstance, dispatcher: Dispatcher, settings: RouteSettings): void {
  const { bodyLimitBytes: bodyLimit, uploadLimitBytes, allowClearTextSecrets, fail } = settings;
  for (const [name, { methods, uploads }] of dispatcher.services) {
    for (const [method, served] of methods) {
      const { stream, idempotent, confidential } = served.definition;
      const upload = uploads.get(method);
      const route =
        stream === undefined
          ? methodRoute(served, { upload, uploadLimitBytes, fail })
          : streamRoute(served, settings);
      const path = `/api/${name}/${method}`;
      if (confidential && !allowClearTextSecrets) {
        app.post(path, { bodyLimit, onRequest: confidentialGuard(served.label, fail) }, route);
      } else {
        app.post(path, { bodyLimit }, route);
        // What EventSource of a browser asks for; it must do no harm to whoever follows a link.
        if (stream === "server" && idempotent && !confidential) app.get(path, route);
      }
    }
  }
}

/** Whatever else is asked of `/api`: refused before the body is read, naming what there is. */
function addUnknownRoutes(
  app: FastifyInstance,
  { services }: Dispatcher,
  fail: (request: FastifyRequest, reply: FastifyReply, error: unknown) => void,
): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply): void => {
    const [service = "", method = "", ...rest] = (request.params as { "*": string })["*"].split(
      "/",
    );
    const served = services.get(service);
    if (served === undefined) {
      fail(request, reply, notFound("service", service, services.keys()));
    } else if (rest.length > 0 || !served.methods.has(method)) {
      const name = [method, ...rest].join("/");
      fail(request, reply, notFound(`method of ${service}`, name, served.methods.keys()));
    } else {
      const message = `${request.method} is not supported; use POST`;
      reply.header("allow", "POST");
      fail(request, reply, new HttpRefusal("UNIMPLEMENTED", message, 405));
    }
  };
  const unreachable = (): void => undefined;
  app.all("/api/*", { onRequest: (request, reply) => refuse(request, reply) }, unreachable);
}
