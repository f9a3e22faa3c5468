import type { Dispatcher, Pool } from "undici";
import type { TransportRequest, TransportResponse } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import type { Address } from "./base-url.js";
import { ConnectionError } from "./connection-error.js";
import { HttpExchange } from "./http-exchange.js";
import type { HttpSettings } from "./http-options.js";
import { HttpStreamExchange } from "./http-stream-exchange.js";
import { OriginHealth } from "./origin-health.js";

/** A request as HTTP has it, but for the address. */
export interface HttpRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * One address with its connections, which are kept alive and shared by all calls. undici is loaded
 * by the first call, so a client whose methods all run near never pays for it.
 */
export class HttpOrigin {
  readonly target: string;
  /** Calls under way, those that wait for a connection included. */
  pending = 0;
  private readonly health: OriginHealth;
  private pool: Pool | undefined;
  private opening: Promise<Pool> | undefined;
  private isClosed = false;

  constructor(
    readonly address: Address,
    private readonly settings: HttpSettings,
  ) {
    this.target = address.target;
    this.health = new OriginHealth(address.target, settings.breakAfterFailures);
  }

  /** When it may be chosen again, by `performance.now()`; 0 while it is well. */
  get restsUntil(): number {
    return this.health.restsUntil;
  }

  call(call: TransportRequest, request: HttpRequest): Promise<TransportResponse> {
    const { pool } = this;
    if (pool === undefined) return this.open().then(() => this.call(call, request));
    if (this.pending >= this.settings.maxPending) return Promise.reject(this.tooMany());
    return this.health.run(() => this.exchange(pool, call, request));
  }

  /** Its connections; made by the first call. */
  open(): Promise<Pool> {
    if (this.isClosed) return Promise.reject(closed(this.target));
    this.opening ??= this.createPool();
    return this.opening.then((pool) => {
      if (this.isClosed) throw closed(this.target);
      this.pool = pool;
      return pool;
    });
  }

  /** Waits for calls in flight; later calls are refused. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    const pool = await this.opening;
    this.pool = undefined;
    await pool?.close();
  }

  private exchange(
    pool: Pool,
    call: TransportRequest,
    { path, headers, body }: HttpRequest,
  ): Promise<TransportResponse> {
    this.pending++;
    return new Promise((resolve, reject) => {
      const succeed = (response: TransportResponse): void => {
        this.pending--;
        this.health.succeeded();
        resolve(response);
      };
      const fail = (error: ServiceError): void => {
        this.pending--;
        this.health.failed(error);
        reject(error);
      };
      const isStream = call.stream === "server" || call.stream === "bidirectional";
      const exchange = isStream
        ? new HttpStreamExchange(this.target, call, succeed, fail)
        : new HttpExchange(this.target, call.timeoutMs, call.signal, succeed, fail);
      // What undici's types leave out: bodies of async iterables.
      const content = body as NonNullable<Dispatcher.DispatchOptions["body"]>;
      const fullPath = this.address.prefix + path;
      pool.dispatch({ method: "POST", path: fullPath, headers, body: content }, exchange);
    });
  }

  private async createPool(): Promise<Pool> {
    const [{ Pool }, cockatiel] = await Promise.all([import("undici"), import("cockatiel")]);
    this.health.open(cockatiel);
    const { origin, socketPath } = this.address;
    const { maxConnections, connectTimeoutMs, idleTimeoutMs, http2, tls } = this.settings;
    return new Pool(origin, {
      connections: maxConnections,
      keepAliveTimeout: idleTimeoutMs,
      // Deadlines are per call; undici's own, which restart with every chunk, stay out of the way.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: http2,
      connect: {
        ...tls,
        timeout: connectTimeoutMs,
        ...(socketPath !== undefined && { socketPath }),
      } as NonNullable<Pool.Options["connect"]>,
    });
  }

  private tooMany(): ConnectionError {
    const message = `${this.pending} calls are under way to ${this.target}, as many as maxPending allows`;
    return new ConnectionError(message, true);
  }
}

function closed(target: string): ServiceError {
  return new ServiceError("FAILED_PRECONDITION", `the client of ${target} is closed`);
}
