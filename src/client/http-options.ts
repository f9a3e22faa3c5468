import {
  requireBoolean,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
} from "../internal/options.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { type Address, parseBaseUrls } from "./base-url.js";
import { type ClientTlsOptions, checkTlsOptions } from "./tls-options.js";

/** How one of several addresses is chosen for a call. */
export type Balance = "round-robin" | "least-pending" | "sticky";

/** How calls travel over HTTP. */
export interface HttpOptions {
  /**
   * How one of several addresses is chosen: in turn (the default), where the fewest calls are under
   * way, or always the same for the same `stickyKey` of a call. An address that failed is passed
   * over for a while.
   */
  readonly balance?: Balance;
  /** Connections kept to an address at most; further calls wait for one. 1 to 65535, default 64. */
  readonly maxConnections?: number;
  /** Calls under way to an address at most, those that wait included. Default 65,536. */
  readonly maxPending?: number;
  /** How long a connection may take, TLS included. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long an unused connection is kept, unless the server says less. Default 4,000. */
  readonly idleTimeoutMs?: number;
  /**
   * After so many failures in a row, an address gets no calls for a while: they fail at once, but
   * for one that tries. 1 to 1000, default 5; 0: never.
   */
  readonly breakAfterFailures?: number;
  /** Sends larger bodies compressed (gzip), and asks for compressed answers. Default: neither. */
  readonly compressAboveBytes?: number;
  /** Asks for HTTP/2 over TLS; a server that has only HTTP/1.1 gets that. Default false. */
  readonly http2?: boolean;
  /**
   * Methods that carry bytes travel as CBOR where both sides have the package cborg. Default true.
   */
  readonly cbor?: boolean;
  readonly tls?: ClientTlsOptions;
  /**
   * Sends confidential calls, such as those with private keys, to other machines over `http:` too.
   * Default false: over `https:`, a Unix socket and loopback only.
   */
  readonly allowClearTextSecrets?: boolean;
}

export interface HttpTransportOptions extends HttpOptions {
  /** `http://host:port`, `https://host:port` or `unix:/path/to.sock`; several for one service. */
  readonly baseUrl: string | readonly string[];
}

export const HTTP_OPTION_NAMES = [
  "balance",
  "maxConnections",
  "maxPending",
  "connectTimeoutMs",
  "idleTimeoutMs",
  "breakAfterFailures",
  "compressAboveBytes",
  "http2",
  "cbor",
  "tls",
  "allowClearTextSecrets",
] as const satisfies readonly (keyof HttpOptions)[];

/** Options with every value filled in. */
export interface HttpSettings {
  readonly addresses: readonly [Address, ...Address[]];
  readonly balance: Balance;
  readonly maxConnections: number;
  readonly maxPending: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly breakAfterFailures: number;
  /** Infinity: never. */
  readonly compressAboveBytes: number;
  readonly http2: boolean;
  readonly cbor: boolean;
  readonly tls: ClientTlsOptions;
  readonly allowClearTextSecrets: boolean;
}

const DEFAULTS: Omit<HttpSettings, "addresses"> = {
  balance: "round-robin",
  maxConnections: 64,
  maxPending: 65_536,
  connectTimeoutMs: 10_000,
  // As undici has it: below the 5 s after which a bare Node server closes a connection.
  idleTimeoutMs: 4_000,
  breakAfterFailures: 5,
  compressAboveBytes: Number.POSITIVE_INFINITY,
  http2: false,
  cbor: true,
  tls: {},
  allowClearTextSecrets: false,
};

const CHECKS: Readonly<Record<keyof HttpOptions, (value: unknown, name: string) => void>> = {
  balance: (value, name) => requireOneOf(value, name, ["round-robin", "least-pending", "sticky"]),
  maxConnections: (value, name) => requireInteger(value, name, 1, 65_535),
  maxPending: (value, name) => requireInteger(value, name, 1, 2 ** 30),
  connectTimeoutMs: (value, name) => requireInteger(value, name, 1, MAX_TIMEOUT_MS),
  idleTimeoutMs: (value, name) => requireInteger(value, name, 1, MAX_TIMEOUT_MS),
  breakAfterFailures: (value, name) => requireInteger(value, name, 0, 1000),
  compressAboveBytes: (value, name) => requireInteger(value, name, 0, 2 ** 30),
  http2: requireBoolean,
  cbor: requireBoolean,
  tls: (value) => checkTlsOptions(value as ClientTlsOptions),
  allowClearTextSecrets: requireBoolean,
};

/** What is left out is not checked, and mostly everything is. */
export function resolveHttpOptions(options: HttpTransportOptions): HttpSettings {
  requireKnownOptions(options, ["baseUrl", ...HTTP_OPTION_NAMES], "HttpTransport options");
  const given: Record<string, unknown> = {};
  for (const name of HTTP_OPTION_NAMES) {
    if (options[name] === undefined) continue;
    CHECKS[name](options[name], name);
    given[name] = options[name];
  }
  return { ...DEFAULTS, ...given, addresses: parseBaseUrls(options.baseUrl) };
}
