import type { CallContext, Interceptor, Transport } from "../call/index.js";
import { ArgumentError, describeValue } from "../errors/index.js";
import {
  requireBoolean,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requireString,
} from "../internal/options.js";
import { API_MODES, type ApiMode, MAX_TIMEOUT_MS } from "../service/definition.js";
import { TIMEOUT_HEADER } from "../service/problem.js";
import type { ServiceSource } from "../service/service-source.js";
import { HTTP_OPTION_NAMES, type HttpOptions } from "./http-options.js";
import { HttpTransport } from "./http-transport.js";
import { WebSocketTransport } from "./web-socket-transport.js";

export interface ClientOptions extends HttpOptions {
  /**
   * Where far calls go: `http://host:port`, `https://host:port` or `unix:/path/to.sock`; several for
   * servers of the same services. Or over one WebSocket: `ws://host:port`, `wss://host:port` or
   * `ws+unix:/path/to.sock`.
   */
  readonly baseUrl?: string | readonly string[];
  /**
   * What answers methods in this process, where no native function does: an instance of the
   * decorated class, or what `defineService` gave, with its handlers.
   */
  readonly implementation?: ServiceSource;
  /** Instead of `baseUrl`: a transport of one's own. The client does not close it. */
  readonly transport?: Transport;
  /**
   * What this client wants; the definition's `api` says what is allowed, and both hold. Default
   * "both": near where there is a native function, far otherwise.
   */
  readonly mode?: ApiMode;
  /** The deadline of far calls, retries included, where the method has none. Default 30,000. */
  readonly timeoutMs?: number;
  /**
   * How often a failed far call is repeated where that is safe. 0 to 10, default 2. All calls of a
   * client together repeat one in five, and 20 at once.
   */
  readonly retries?: number;
  /**
   * Sends an idempotent call a second time if there is no answer after so many milliseconds, and
   * takes the answer that comes first. Default: never.
   */
  readonly hedgeAfterMs?: number;
  /**
   * Sends the far calls of one turn of the event loop as one request. A call of many then waits for
   * the slowest of them. Default false.
   */
  readonly batch?: boolean;
  /** Around every far call; the first is the outermost. */
  readonly interceptors?: readonly Interceptor[];
}

/** Options for some calls of a client. */
export interface CallOptions {
  /** The deadline of far calls, before the method's own. 1 to 2^31 - 1. */
  readonly timeoutMs?: number;
  /** Ends a wait with CANCELLED. A native call cannot be interrupted, only not begun. */
  readonly signal?: AbortSignal;
  /** Sent as `idempotency-key`, for servers and gateways that recognise a repeated call by it. */
  readonly idempotencyKey?: string;
  /** Metadata for the handler and for what is on the way; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Of the call that a handler answers, for the calls that it makes to do so: they get what is left
   * of its time, end with it, and belong to the same trace.
   */
  readonly context?: CallContext;
  /** With `balance: "sticky"`: calls with the same key go to the same server. */
  readonly stickyKey?: string;
}

/** Options with every value filled in. */
export interface ClientSettings {
  readonly implementation: ServiceSource | undefined;
  readonly transport: Transport | undefined;
  readonly ownsTransport: boolean;
  readonly mode: ApiMode;
  readonly timeoutMs: number;
  readonly retries: number;
  /** Undefined: never. */
  readonly hedgeAfterMs: number | undefined;
  readonly batch: boolean;
  readonly interceptors: readonly Interceptor[];
}

/** Long enough for slow work, short enough that a lost server is noticed: 30 s. */
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const MAX_RETRIES = 10;

const CLIENT_OPTION_NAMES = [
  "baseUrl",
  "implementation",
  "transport",
  "mode",
  "timeoutMs",
  "retries",
  "hedgeAfterMs",
  "batch",
  "interceptors",
  ...HTTP_OPTION_NAMES,
] as const satisfies readonly (keyof ClientOptions)[];

export function resolveClientOptions(options: ClientOptions): ClientSettings {
  requireKnownOptions(options, CLIENT_OPTION_NAMES, "client options");
  const { mode = "both", timeoutMs = DEFAULT_TIMEOUT_MS, retries = DEFAULT_RETRIES } = options;
  const { interceptors = [], hedgeAfterMs, batch = false } = options;
  requireBoolean(batch, "batch");
  requireOneOf(mode, "mode", API_MODES);
  requireInteger(timeoutMs, "timeoutMs", 1, MAX_TIMEOUT_MS);
  requireInteger(retries, "retries", 0, MAX_RETRIES);
  if (hedgeAfterMs !== undefined) requireInteger(hedgeAfterMs, "hedgeAfterMs", 1, MAX_TIMEOUT_MS);
  const isList = Array.isArray(interceptors);
  if (!isList || !interceptors.every((item) => typeof item === "function")) {
    throw new ArgumentError(
      `interceptors must be an array of functions, got ${describeValue(interceptors)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const ownsTransport = options.transport === undefined;
  return {
    implementation: options.implementation,
    transport: makeTransport(options),
    ownsTransport,
    mode,
    timeoutMs,
    retries,
    hedgeAfterMs,
    batch,
    // Calls use it later than this.
    interceptors: [...interceptors],
  };
}

function makeTransport(options: ClientOptions): Transport | undefined {
  const { baseUrl, transport } = options;
  if (transport !== undefined) {
    if (baseUrl === undefined) return transport;
    throw new ArgumentError("transport and baseUrl must not both be given");
  }
  if (baseUrl === undefined) return undefined;
  if (typeof baseUrl === "string" && isWebSocketUrl(baseUrl)) {
    return makeWebSocketTransport(baseUrl, httpOptionsOf(options));
  }
  return new HttpTransport({ ...httpOptionsOf(options), baseUrl });
}

/** No regular expression, whose first use would take as long as ten methods of a client. */
function isWebSocketUrl(url: string): boolean {
  if (!url.startsWith("ws")) return false;
  return ["ws:", "wss:", "ws+unix:", "wss+unix:"].some((scheme) => url.startsWith(scheme));
}

function makeWebSocketTransport(url: string, options: HttpOptions): Transport {
  const { allowClearTextSecrets, ...others } = options;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new ArgumentError(`${other} does not apply to ${url}`);
  return new WebSocketTransport({
    url,
    ...(allowClearTextSecrets !== undefined && { allowClearTextSecrets }),
  });
}

function httpOptionsOf(options: ClientOptions): HttpOptions {
  const given: Record<string, unknown> = {};
  for (const name of HTTP_OPTION_NAMES) {
    if (options[name] !== undefined) given[name] = options[name];
  }
  return given;
}

export function checkCallOptions(options: CallOptions): void {
  requireKnownOptions(
    options,
    ["timeoutMs", "signal", "idempotencyKey", "stickyKey", "headers", "context"],
    "call options",
  );
  const { timeoutMs, signal, idempotencyKey, stickyKey } = options;
  if (timeoutMs !== undefined) requireInteger(timeoutMs, "timeoutMs", 1, MAX_TIMEOUT_MS);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ArgumentError(
      `signal must be an AbortSignal, got ${describeValue(signal)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  // What a header value may hold (RFC 9110, 5.5), without spaces.
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(String(idempotencyKey))) {
    throw new ArgumentError(
      "idempotencyKey must be 1 to 255 visible ASCII characters, " +
        `got ${describeValue(idempotencyKey)}`,
    );
  }
  checkHeaders(options.headers);
  if (stickyKey !== undefined) requireString(stickyKey, "stickyKey");
}

/** What says how a request is written and read (RFC 9110, 7.6.1 and 8). */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"],
  ...["upgrade", "expect", "accept", "accept-encoding"],
  ...["content-encoding", "content-length", "content-type", TIMEOUT_HEADER],
]);

/** Field names and values as RFC 9110, 5.1 and 5.5, has them. */
function checkHeaders(headers: unknown): void {
  if (headers === undefined) return;
  if (typeof headers !== "object" || headers === null) {
    throw new ArgumentError(`headers must be an object, got ${describeValue(headers)}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name)) {
      throw new ArgumentError(`headers must have names in lower case, got ${JSON.stringify(name)}`);
    }
    if (TRANSPORT_HEADERS.has(name)) {
      throw new ArgumentError(`headers must not have "${name}", which is the transport's own`);
    }
    if (typeof value !== "string" || !/^[\x20-\x7e]{0,8192}$/.test(value)) {
      throw new ArgumentError(
        `headers.${name} must be up to 8192 visible ASCII characters and spaces, ` +
          `got ${describeValue(value)}`,
      );
    }
  }
}
