import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { Dispatcher, explainFailure, NDJSON_CONTENT_TYPE } from "../call/index.js";
import { type ServiceError, untraced } from "../errors/index.js";
import { notFound } from "../service/names.js";
import { addCborParser } from "./cbor-bodies.js";
import { confidentialGuard } from "./confidential.js";
import { EncodingRefusal } from "./content-encoding.js";
import { addJsonParser } from "./json-bodies.js";
import { methodRoute } from "./method-route.js";
import { addFeatures, nameOfCall } from "./plugin-features.js";
import { type PluginOptions, resolvePluginOptions } from "./plugin-options.js";
import { BodyRefusal, httpRefusal, refusalOf, sendProblem } from "./problem-reply.js";
import { type StreamRouteParts, streamRoute } from "./stream-route.js";
import { isUpload, UPLOAD_CONTENT_TYPE } from "./upload.js";
import { addWebSockets } from "./web-socket.js";

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
  const settings = resolvePluginOptions(options);
  const { bodyLimitBytes, uploadLimitBytes, allowClearTextSecrets, logger } = settings;
  const explain = (request: FastifyRequest, error: unknown): ServiceError =>
    explainFailure(error, labelOf(request.url), logger ?? request.log);
  const fail = (request: FastifyRequest, reply: FastifyReply, error: unknown): void => {
    // Gone with its caller, or answered already: there is nobody to tell.
    if (reply.sent) return;
    const isHttp1 = request.raw.httpVersionMajor === 1;
    // What is left of a body that nobody reads any more would keep the connection busy.
    if (isUpload(request) && isHttp1) reply.header("connection", "close");
    // Fastify would end the connection after any bad body, for what there may be left of it. HTTP/2
    // has no such header (RFC 9113, 8.2.2).
    if (error instanceof BodyRefusal || !isHttp1) reply.removeHeader("connection");
    if (error instanceof EncodingRefusal) reply.header("accept-encoding", error.accepted);
    sendProblem(reply, explain(request, error));
  };
  app.removeAllContentTypeParsers();
  addJsonParser(app, bodyLimitBytes);
  addCborParser(app, bodyLimitBytes);
  app.addContentTypeParser(UPLOAD_CONTENT_TYPE, (_request, _payload, parsed) => parsed(null));
  app.addContentTypeParser(NDJSON_CONTENT_TYPE, (_request, _payload, parsed) => parsed(null));
  app.setErrorHandler((error, request, reply) => {
    fail(request, reply, refusalOf(error, bodyLimitBytes) ?? error);
  });
  const dispatcher = new Dispatcher(settings.services, {
    logger: logger ?? app.log,
    allowClearTextSecrets,
    identify: settings.identify,
    interceptors: settings.interceptors,
  });
  app.addHook("onClose", () => dispatcher.close());
  const { gate, observers } = addFeatures(app, settings, dispatcher, fail);
  addServices(app, dispatcher, {
    bodyLimitBytes,
    uploadLimitBytes,
    allowClearTextSecrets,
    fail,
    explain,
  });
  addUnknownRoutes(app, dispatcher, fail);
  addWebSockets(app, {
    dispatcher,
    watch: {
      observers,
      nameOf: (call) => nameOfCall(dispatcher, call),
      log: app.log,
      failures: logger ?? app.log,
    },
    bodyLimitBytes,
    allowClearTextSecrets,
    webSocketOrigins: settings.webSocketOrigins,
    gate,
  });
}

/** `Service.method` of a URL that a route has matched. */
function labelOf(url: string): string {
  return url.split("?", 1)[0]?.split("/").slice(-2).join(".") ?? url;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** A secret is in the call or in its answer. */
    isConfidential?: boolean;
  }
}

interface RouteSettings extends StreamRouteParts {
  readonly uploadLimitBytes: number;
  readonly allowClearTextSecrets: boolean;
}

function addServices(app: FastifyInstance, dispatcher: Dispatcher, settings: RouteSettings): void {
  const { bodyLimitBytes: bodyLimit, uploadLimitBytes, allowClearTextSecrets, fail } = settings;
  for (const { definition, methods, uploads } of [
    ...dispatcher.services.values(),
    dispatcher.builtIn,
  ]) {
    const { name } = definition;
    for (const [method, served] of methods) {
      const { stream, idempotent, confidential } = served.definition;
      const upload = uploads.get(method);
      const route =
        stream === undefined
          ? methodRoute(served, { upload, uploadLimitBytes, fail })
          : streamRoute(served, settings);
      const path = `/api/${name}/${method}`;
      const config = { isConfidential: confidential === true };
      if (confidential && !allowClearTextSecrets) {
        const onRequest = confidentialGuard(served.label, fail);
        app.post(path, { bodyLimit, config, onRequest }, route);
      } else {
        app.post(path, { bodyLimit, config }, route);
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
      const error = untraced(() => notFound("service", service, services.keys()));
      fail(request, reply, error);
    } else if (rest.length > 0 || !served.methods.has(method)) {
      const name = [method, ...rest].join("/");
      const { methods } = served;
      const error = untraced(() => notFound(`method of ${service}`, name, methods.keys()));
      fail(request, reply, error);
    } else {
      const message = `${request.method} is not supported; use POST`;
      reply.header("allow", "POST");
      fail(request, reply, httpRefusal("UNIMPLEMENTED", message, 405));
    }
  };
  const unreachable = (): void => undefined;
  app.all("/api/*", { onRequest: (request, reply) => refuse(request, reply) }, unreachable);
}
