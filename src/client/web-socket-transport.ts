import {
  errorOfAbort,
  SOCKET_PATH,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
import { ArgumentError, describeValue, ServiceError } from "../errors/index.js";
import { isLoopback } from "../internal/loopback.js";
import { requireBoolean, requireKnownOptions } from "../internal/options.js";
import { openSocket } from "./open-socket.js";
import { SocketClient } from "./socket-client.js";

export interface WebSocketTransportOptions {
  /** `ws://host:port`, `wss://host:port` or `ws+unix:/path/to.sock`. */
  readonly url: string;
  /** As of `HttpTransport`: sends confidential calls in clear text too. Default false. */
  readonly allowClearTextSecrets?: boolean;
}

/**
 * Calls over one WebSocket, all at once and streams in both directions. It is opened by the first
 * call, and again by the first call after it broke; calls that were under way fail then. In Node it
 * needs the package ws up to Node 20; browsers and later versions have WebSockets of their own.
 */
export class WebSocketTransport implements Transport {
  readonly target: string;
  private readonly address: string;
  private readonly maySendSecrets: boolean;
  private opening: Promise<SocketClient> | undefined;
  private client: SocketClient | undefined;
  private isClosed = false;

  constructor(options: WebSocketTransportOptions) {
    requireKnownOptions(options, ["url", "allowClearTextSecrets"], "WebSocketTransport options");
    const { url, allowClearTextSecrets = false } = options;
    requireBoolean(allowClearTextSecrets, "allowClearTextSecrets");
    this.address = addressOf(url);
    this.target = url;
    this.maySendSecrets = allowClearTextSecrets || isPrivateUrl(url);
  }

  call(request: TransportRequest): Promise<TransportResponse> {
    const { signal, confidential, service, method } = request;
    if (confidential === true && !this.maySendSecrets) {
      const message = `${service}.${method} carries a secret and was not sent to ${this.target} in clear text; use wss`;
      return Promise.reject(new ServiceError("FAILED_PRECONDITION", message));
    }
    if (signal?.aborted === true) return Promise.reject(errorOfAbort(signal));
    if (this.client?.isOpen === true) return this.client.call(request);
    return this.open().then((client) => client.call(request));
  }

  /** Waits for calls in flight; later calls are refused. */
  async close(): Promise<void> {
    this.isClosed = true;
    const client = await this.opening?.catch(() => undefined);
    await client?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private open(): Promise<SocketClient> {
    if (this.isClosed) {
      const message = `the client of ${this.target} is closed`;
      return Promise.reject(new ServiceError("FAILED_PRECONDITION", message));
    }
    this.opening ??= openSocket(this.address, this.target).then(
      (socket) => {
        const client = new SocketClient(socket, this.target, () => {
          this.opening = undefined;
        });
        this.client = client;
        return client;
      },
      (error: unknown) => {
        this.opening = undefined;
        throw error;
      },
    );
    return this.opening;
  }
}

/** The address of the endpoint: `/api` after what the URL has for a path. */
function addressOf(url: unknown): string {
  if (typeof url === "string" && url.startsWith("ws+unix:")) {
    const path = url.slice("ws+unix:".length).replace(/^\/\/(?=\/)/, "");
    if (path !== "") return `ws+unix:${path}:${SOCKET_PATH}`;
  }
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "ws:" || parsed?.protocol === "wss:") {
    if (parsed.search === "" && parsed.hash === "" && parsed.username === "") {
      return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}${SOCKET_PATH}`;
    }
  }
  throw new ArgumentError(
    'url must be "ws://host:port", "wss://host:port" or "ws+unix:/path/to.sock", ' +
      `got ${typeof url === "string" ? JSON.stringify(url) : describeValue(url)}`,
  );
}

function isPrivateUrl(url: string): boolean {
  if (!url.startsWith("ws:")) return true;
  return isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ""));
}
