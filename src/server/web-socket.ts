import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { FastifyInstance } from "fastify";
import type { WebSocket, WebSocketServer } from "ws";
import { type Dispatcher, SOCKET_PATH, SOCKET_PROTOCOL } from "../call/index.js";
import { isPrivateRequest } from "./confidential.js";
import { hasTwoHosts } from "./host-header.js";
import type { CallGate } from "./limits.js";
import { SocketSession } from "./socket-session.js";
import { type CallWatch, SocketWatch } from "./socket-watch.js";
import { callerByCertificate } from "./tls-caller.js";

export interface WebSocketSettings {
  readonly dispatcher: Dispatcher;
  readonly watch: CallWatch;
  /** The longest message. */
  readonly bodyLimitBytes: number;
  readonly allowClearTextSecrets: boolean;
  /** Origins of pages of other hosts that may call: `https://app.example`. */
  readonly webSocketOrigins: readonly string[];
  /** What holds the limits of calls, if there are any. */
  readonly gate: CallGate | undefined;
}

/** A socket that has not answered a ping by the next one is dead. */
const PING_EVERY_MS = 30_000;

/** How long sockets may go on with their calls once the server closes. */
const DRAIN_MS = 10_000;

/**
 * Takes WebSockets at `<prefix>/api`. The package ws is loaded by the first of them. Upgrades to
 * other paths are left to others.
 */
export function addWebSockets(app: FastifyInstance, settings: WebSocketSettings): void {
  const path = `${app.prefix.replace(/\/$/, "")}${SOCKET_PATH}`;
  const sessions = new Map<WebSocket, SocketSession>();
  let server: Promise<WebSocketServer> | undefined;
  let isClosing = false;

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    server ??= loadServer(settings.bodyLimitBytes);
    const sockets = await server;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const isPrivate = settings.allowClearTextSecrets || isPrivateUpgrade(request);
      const caller = callerByCertificate({ protocol: protocolOf(request), raw: request });
      const address = request.socket.remoteAddress ?? "";
      const origin = { headers: request.headers, isPrivate, caller, address };
      const { dispatcher, gate } = settings;
      const watch = new SocketWatch(settings.watch, address);
      const limits = { maxWaitingSize: 2 * settings.bodyLimitBytes, gate };
      const session = new SocketSession(webSocket, dispatcher, origin, watch, limits);
      sessions.set(webSocket, session);
      webSocket.once("close", () => sessions.delete(webSocket));
      keepAlive(webSocket);
    });
  };

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split("?", 1)[0] !== path) {
      if (app.server.listenerCount("upgrade") === 1) refuse(socket, 404, "Not Found");
      return;
    }
    const status = statusOf(request, isClosing, settings.webSocketOrigins);
    if (status !== undefined) {
      refuse(socket, ...status);
      return;
    }
    upgrade(request, socket, head).catch((error: unknown) => {
      settings.watch.failures.error({ err: error }, "a WebSocket was refused");
      refuse(socket, 501, "Not Implemented");
    });
  };

  app.server.on("upgrade", onUpgrade);
  app.addHook("preClose", async () => {
    isClosing = true;
    await drain(sessions);
    app.server.off("upgrade", onUpgrade);
  });
}

async function loadServer(maxPayload: number): Promise<WebSocketServer> {
  const ws = await import("ws").catch((cause: unknown) => {
    throw new Error("WebSockets need the package ws: npm install ws@8", { cause });
  });
  return new ws.WebSocketServer({
    noServer: true,
    maxPayload,
    // Shared between messages, a compressor's window would tell of secrets beside chosen text.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
  });
}

type Refusal = readonly [status: number, phrase: string];

/** Why a socket is refused; undefined for one that is welcome. */
function statusOf(
  request: IncomingMessage,
  isClosing: boolean,
  allowed: readonly string[],
): Refusal | undefined {
  const { headers } = request;
  if (isClosing) return [503, "Service Unavailable"];
  // What a page's origin is compared with.
  if (hasTwoHosts(request)) return [400, "Bad Request"];
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
  if (offered?.includes(SOCKET_PROTOCOL) !== true) return [400, "Bad Request"];
  const { origin, host } = headers;
  // Browsers ask nobody before a page of any origin opens a socket to this one.
  const isForeign = origin !== undefined && !allowed.includes(origin) && hostOf(origin) !== host;
  return isForeign ? [403, "Forbidden"] : undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refuse(socket: Duplex, status: number, phrase: string): void {
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Ends a socket whose other end has vanished without a word. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  socket.on("pong", () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}

async function drain(sessions: ReadonlyMap<WebSocket, SocketSession>): Promise<void> {
  const closed = [...sessions].map(([socket, session]) => {
    const done = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    session.drain();
    return done;
  });
  if (closed.length === 0) return;
  const cut = setTimeout(() => {
    for (const socket of sessions.keys()) socket.terminate();
  }, DRAIN_MS);
  await Promise.all(closed);
  clearTimeout(cut);
}

function isPrivateUpgrade(request: IncomingMessage): boolean {
  return isPrivateRequest({
    protocol: protocolOf(request),
    headers: request.headers,
    raw: request,
  });
}

function protocolOf({ socket }: IncomingMessage): "http" | "https" {
  return (socket as Partial<TLSSocket>).encrypted === true ? "https" : "http";
}
