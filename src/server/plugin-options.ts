import type { ErrorLogger, Identify, Interceptor } from "../call/index.js";
import { ArgumentError, describeValue } from "../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../internal/options.js";
import type { ServiceSource } from "../service/service-source.js";
import type { CorsOptions } from "./cors.js";
import type { CallLimits } from "./limits.js";

export interface PluginOptions {
  /** Decorated classes (made without arguments), instances, or what `defineService` gives. */
  readonly services: readonly ServiceSource[];
  /** The largest body that is read, also when it was compressed. 1 to 2^30, default 16 MiB. */
  readonly bodyLimitBytes?: number;
  /**
   * The largest body of `application/octet-stream`, which is not kept in memory, that a method with
   * an `upload` reads. 1 to 2^53 - 1, default 4 GiB.
   */
  readonly uploadLimitBytes?: number;
  /**
   * Takes confidential calls, such as those with private keys, from other machines in clear text
   * too. Default false: over TLS, a Unix socket and loopback only.
   */
  readonly allowClearTextSecrets?: boolean;
  /**
   * Origins, such as `https://app.example`, whose pages may open a WebSocket. Default: those of this
   * server's own host only.
   */
  readonly webSocketOrigins?: readonly string[];
  /** Finds out who calls; without, callers are known by their client certificates only. */
  readonly identify?: Identify;
  /** Around every call that is answered; the first is the outermost. */
  readonly interceptors?: readonly Interceptor[];
  /** Default: the Fastify application's own. */
  readonly logger?: ErrorLogger;
  /** How many calls are taken on. Default: any number. */
  readonly limits?: CallLimits;
  /** Compresses longer answers for callers that take it (gzip). 0 to 2^30. Default: none. */
  readonly compressAboveBytes?: number;
  /** Lets pages of other origins call. Needs the package @fastify/cors. Default: none may. */
  readonly cors?: CorsOptions;
  /** `/metrics` in Prometheus' format. Needs the package prom-client. Default false. */
  readonly metrics?: boolean;
  /** Logs a line for each call with the application's logger. Default false. */
  readonly logCalls?: boolean;
  /** `/openapi.json`, the OpenAPI 3.1 document of the services. */
  readonly openApi?: boolean;
  /**
   * `/docs`, a page to read that document and try calls. Needs the package
   * @scalar/fastify-api-reference. Default false.
   */
  readonly referencePage?: boolean;
}

/** Options with every value filled in, but for those that are absent by default. */
export interface PluginSettings extends Pick<PluginOptions, "services" | "logger" | "cors"> {
  readonly bodyLimitBytes: number;
  readonly uploadLimitBytes: number;
  readonly allowClearTextSecrets: boolean;
  readonly limits: CallLimits;
  readonly webSocketOrigins: readonly string[];
  readonly identify: Identify | undefined;
  readonly interceptors: readonly Interceptor[];
  readonly compressAboveBytes: number | undefined;
  readonly metrics: boolean;
  readonly logCalls: boolean;
  readonly openApi: boolean;
  readonly referencePage: boolean;
}

export const PLUGIN_OPTION_NAMES = [
  "services",
  "bodyLimitBytes",
  "uploadLimitBytes",
  "allowClearTextSecrets",
  "webSocketOrigins",
  "identify",
  "interceptors",
  "logger",
  "limits",
  "compressAboveBytes",
  "cors",
  "metrics",
  "logCalls",
  "openApi",
  "referencePage",
] as const satisfies readonly (keyof PluginOptions)[];

/** Enough for a 12 MiB buffer in base64; small enough that a few callers cannot fill the memory. */
export const DEFAULT_BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_BODY_LIMIT_BYTES = 2 ** 30;

/** A large file; a bound on the work that one request can cause. */
const DEFAULT_UPLOAD_LIMIT_BYTES = 4 * 2 ** 30;

export function resolvePluginOptions(options: PluginOptions): PluginSettings {
  requireKnownOptions(
    options,
    [...PLUGIN_OPTION_NAMES, "prefix", "logLevel", "logSerializers"],
    "nearfarPlugin options",
  );
  const { bodyLimitBytes = DEFAULT_BODY_LIMIT_BYTES, services, logger, cors } = options;
  const { uploadLimitBytes = DEFAULT_UPLOAD_LIMIT_BYTES, allowClearTextSecrets = false } = options;
  const { limits = {}, compressAboveBytes, webSocketOrigins = [] } = options;
  const { identify, interceptors = [] } = options;
  requireStrings(webSocketOrigins, "webSocketOrigins");
  requireFunctions(interceptors, "interceptors");
  if (identify !== undefined) requireFunctions([identify], "identify");
  const { metrics = false, logCalls = false, openApi = false, referencePage = false } = options;
  requireInteger(bodyLimitBytes, "bodyLimitBytes", 1, MAX_BODY_LIMIT_BYTES);
  requireInteger(uploadLimitBytes, "uploadLimitBytes", 1, Number.MAX_SAFE_INTEGER);
  if (compressAboveBytes !== undefined) {
    requireInteger(compressAboveBytes, "compressAboveBytes", 0, MAX_BODY_LIMIT_BYTES);
  }
  const switches = { allowClearTextSecrets, metrics, logCalls, openApi, referencePage };
  for (const [name, value] of Object.entries(switches)) requireBoolean(value, name);
  return {
    services,
    ...(logger !== undefined && { logger }),
    ...(cors !== undefined && { cors }),
    bodyLimitBytes,
    uploadLimitBytes,
    limits,
    webSocketOrigins,
    identify,
    interceptors,
    compressAboveBytes,
    ...switches,
    // The page shows the document.
    openApi: openApi || referencePage,
  };
}

function requireStrings(value: unknown, name: string): void {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return;
  throw new ArgumentError(`${name} must be an array of strings, got ${describeValue(value)}`);
}

function requireFunctions(value: unknown, name: string): void {
  if (Array.isArray(value) && value.every((item) => typeof item === "function")) return;
  throw new ArgumentError(`${name} must be functions, got ${describeValue(value)}`);
}
