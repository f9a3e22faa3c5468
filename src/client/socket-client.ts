import {
  type ClientFrame,
  CREDIT_WINDOW,
  errorOfAbort,
  FrameBatch,
  refusalOfWritten,
  type ServerFrame,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { ConnectionError } from "./connection-error.js";
import { deadlineExceeded } from "./http-exchange.js";
import type { ClientSocket } from "./open-socket.js";
import { SocketExchange } from "./socket-exchange.js";

const OPEN = 1;

/** The calls over one open socket. */
export class SocketClient {
  private readonly calls = new Map<number, SocketExchange>();
  private readonly batch = new FrameBatch((message) => {
    if (this.isOpen) this.socket.send(message);
  });
  private lastId = 0;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly socket: ClientSocket,
    private readonly target: string,
    onClose: () => void,
  ) {
    socket.addEventListener("message", ({ data }) => this.receive(data));
    socket.addEventListener("close", (event) => {
      onClose();
      const message = `lost the connection to ${target}${reasonOf(event)}`;
      this.failAll(new ConnectionError(message, false));
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === OPEN;
  }

  call(request: TransportRequest): Promise<TransportResponse> {
    if (!this.isOpen) {
      return Promise.reject(new ConnectionError(`lost the connection to ${this.target}`, true));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const exchange = new SocketExchange(id, request, {
        resolve,
        reject,
        send: (frame) => this.send(frame),
        forget: () => this.forget(id),
      });
      this.calls.set(id, exchange);
      this.watch(exchange, request);
      const { service, method, args, headers, timeoutMs, resumeAfter, stream } = request;
      this.send({
        type: "call",
        id,
        service,
        method,
        args,
        ...(headers !== undefined && { headers }),
        ...(timeoutMs < MAX_TIMEOUT_MS && { timeoutMs }),
        ...(resumeAfter !== undefined && { resumeAfter }),
        ...((stream === "server" || stream === "bidirectional") && { credit: CREDIT_WINDOW }),
      });
    });
  }

  /** Waits for the calls under way. */
  async close(): Promise<void> {
    if (this.calls.size > 0) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    }
    this.batch.flush();
    this.socket.close(1000);
  }

  /** The deadline and the signal of a call; of a stream with a deadline, its reader's signal. */
  private watch(exchange: SocketExchange, { signal, timeoutMs, stream }: TransportRequest): void {
    const timer =
      stream === undefined
        ? setTimeout(() => exchange.abandon(deadlineExceeded(timeoutMs)), timeoutMs)
        : undefined;
    const onAbort = (): void => signal && exchange.abandon(errorOfAbort(signal));
    signal?.addEventListener("abort", onAbort, { once: true });
    exchange.onOver = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  }

  private receive(data: unknown): void {
    let message: ServerFrame | readonly ServerFrame[];
    try {
      message = JSON.parse(String(data)) as ServerFrame | readonly ServerFrame[];
    } catch (cause) {
      const message = `${this.target} sent a message that is no JSON`;
      this.failAll(new ServiceError("UNKNOWN", message, { cause }));
      this.socket.close(1002);
      return;
    }
    const frames = [message].flat() as readonly ServerFrame[];
    for (const frame of frames) this.calls.get(frame.id)?.receive(frame);
  }

  private send(frame: ClientFrame): void {
    if (!this.isOpen) return;
    const text = JSON.stringify(frame);
    const refusal = refusalOfWritten(text);
    if (refusal === undefined) this.batch.pushText(text);
    else this.refuse(frame, `a message must ${refusal.must}`);
  }

  /** The server would close the socket for it, and end all other calls. */
  private refuse({ id, type }: ClientFrame, message: string): void {
    const error = new ServiceError("INVALID_ARGUMENT", message);
    if (type === "call") this.calls.get(id)?.fail(error);
    else this.calls.get(id)?.abandon(error);
  }

  private forget(id: number): void {
    this.calls.delete(id);
    if (this.calls.size === 0) this.whenIdle?.();
  }

  private failAll(error: ServiceError): void {
    for (const exchange of [...this.calls.values()]) exchange.fail(error);
  }
}

/** Codes that say no more than that it was closed (RFC 6455, 7.4.1). */
const PLAIN_CODES: ReadonlySet<unknown> = new Set([undefined, 1000, 1001, 1005, 1006]);
const TOO_LARGE = 1009;

/** Why a server has closed a socket, if it said so. */
function reasonOf(event: object): string {
  const { code, reason = "" } = event as { readonly code?: number; readonly reason?: string };
  if (PLAIN_CODES.has(code)) return "";
  const words = code === TOO_LARGE && reason === "" ? "a message was too large for it" : reason;
  return words === "" ? ` (${code})` : ` (${code}: ${words})`;
}
