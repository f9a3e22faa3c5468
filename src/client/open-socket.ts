import { SOCKET_PROTOCOL } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { ConnectionError } from "./connection-error.js";

/** What is used of a WebSocket, of the package ws, of Node or of a browser (WHATWG WebSockets). */
export interface ClientSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error" | "close", listener: (event: object) => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

type SocketConstructor = new (url: string, protocols: string[]) => ClientSocket;

/**
 * Opens a socket. Rejects with a ConnectionError, or FAILED_PRECONDITION without the package ws.
 */
export async function openSocket(url: string, target: string): Promise<ClientSocket> {
  const Socket = await findConstructor();
  return new Promise((resolve, reject) => {
    const socket = new Socket(url, [SOCKET_PROTOCOL]);
    let cause: unknown;
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", (event) => {
      cause = (event as { readonly error?: unknown }).error;
    });
    socket.addEventListener("close", () => {
      const why = cause instanceof Error ? `: ${cause.message}` : "";
      reject(new ConnectionError(`cannot reach ${target}${why}`, true, { cause }));
    });
  });
}

/** That of the package ws, which tells why a socket fails, or else the platform's own. */
async function findConstructor(): Promise<SocketConstructor> {
  try {
    return (await import("ws")).WebSocket as unknown as SocketConstructor;
  } catch (cause) {
    const own = (globalThis as { readonly WebSocket?: SocketConstructor }).WebSocket;
    if (own !== undefined) return own;
    throw new ServiceError(
      "FAILED_PRECONDITION",
      "WebSockets need the package ws here: npm install ws@8",
      { cause },
    );
  }
}
