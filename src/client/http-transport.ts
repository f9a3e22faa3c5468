import type { Pool } from "undici";
import { ServiceError } from "../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../internal/options.js";
import { TIMEOUT_HEADER } from "../service/problem.js";
import { type Address, isPrivateAddress, parseBaseUrl } from "./base-url.js";
import { cancelled, HttpExchange } from "./http-exchange.js";
import type { Transport, TransportRequest, TransportResponse } from "./transport.js";

export interface HttpTransportOptions {
  /** `http://host:port`, `https://host:port` or `unix:/path/to.sock`. */
  readonly baseUrl: string;
  /** How many connections are kept at most; further calls wait for one. 1 to 65535, default 64. */
  readonly maxConnections?: number;
  /**
   * Sends confidential calls, such as those with private keys, to other machines over `http:` too.
   * Default false: over `https:`, a Unix socket and loopback only.
   */
  readonly allowClearTextSecrets?: boolean;
}

const DEFAULT_MAX_CONNECTIONS = 64;

/**
 * Calls over HTTP/1.1: `POST /api/<Service>/<method>` with a JSON array or object. Connections are
 * kept alive and shared by all calls. undici is loaded by the first call, so a client whose methods
 * all run near never pays for it.
 */
export class HttpTransport implements Transport {
  readonly target: string;
  private readonly address: Address;
  private readonly maxConnections: number;
  private readonly maySendSecrets: boolean;
  private pool: Pool | undefined;
  private opening: Promise<Pool> | undefined;
  private isClosed = false;

  constructor(options: HttpTransportOptions) {
    requireKnownOptions(
      options,
      ["baseUrl", "maxConnections", "allowClearTextSecrets"],
      "HttpTransport options",
    );
    const { maxConnections = DEFAULT_MAX_CONNECTIONS, allowClearTextSecrets = false } = options;
    requireBoolean(allowClearTextSecrets, "allowClearTextSecrets");
    requireInteger(maxConnections, "maxConnections", 1, 65_535);
    this.address = parseBaseUrl(options.baseUrl);
    this.target = this.address.target;
    this.maxConnections = maxConnections;
    this.maySendSecrets = allowClearTextSecrets || isPrivateAddress(this.address);
  }

  call(request: TransportRequest): Promise<TransportResponse> {
    const { signal, confidential } = request;
    if (confidential === true && !this.maySendSecrets) {
      return Promise.reject(clearTextRefusal(request, this.target));
    }
    if (signal?.aborted === true) return Promise.reject(cancelled(signal));
    if (this.pool !== undefined) return this.exchange(this.pool, request);
    return this.open().then((pool) => this.exchange(pool, request));
  }

  /** Waits for calls in flight; later calls are refused. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    const pool = await this.opening;
    this.pool = undefined;
    await pool?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private exchange(pool: Pool, request: TransportRequest): Promise<TransportResponse> {
    const { service, method, timeoutMs, signal } = request;
    const body = JSON.stringify(request.args);
    const names = `/api/${encodeURIComponent(service)}/${encodeURIComponent(method)}`;
    return new Promise((resolve, reject) => {
      pool.dispatch(
        {
          method: "POST",
          path: this.address.prefix + names,
          headers: {
            "content-type": "application/json",
            [TIMEOUT_HEADER]: String(timeoutMs),
            ...request.headers,
          },
          body,
        },
        new HttpExchange(this.target, timeoutMs, signal, resolve, reject),
      );
    });
  }

  private async open(): Promise<Pool> {
    if (this.isClosed) throw closed(this.target);
    this.opening ??= this.createPool();
    const pool = await this.opening;
    if (this.isClosed) throw closed(this.target);
    this.pool = pool;
    return pool;
  }

  private async createPool(): Promise<Pool> {
    const { Pool } = await import("undici");
    const { origin, socketPath } = this.address;
    return new Pool(origin, {
      connections: this.maxConnections,
      // Deadlines are per call; undici's own, which restart with every chunk, stay out of the way.
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(socketPath !== undefined && { socketPath }),
    });
  }
}

function clearTextRefusal({ service, method }: TransportRequest, target: string): ServiceError {
  return new ServiceError(
    "FAILED_PRECONDITION",
    `${service}.${method} carries a secret and was not sent to ${target} in clear text; ` +
      "use https or a Unix socket, or set the option allowClearTextSecrets",
  );
}

function closed(target: string): ServiceError {
  return new ServiceError("FAILED_PRECONDITION", `the client of ${target} is closed`);
}
