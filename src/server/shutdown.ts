import type { Server } from "node:http";
import type { ServerHttp2Session } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

export interface ShutdownTimes {
  /** How long `/readyz` says no while calls are still taken. */
  readonly drainMs: number;
  /** How long calls in progress may take before their connections are cut. */
  readonly closeGraceMs: number;
}

const IDLE_SWEEP_MS = 10;

/** Ends a server in good order: not ready, then no new calls, then none in progress. */
export class Shutdown {
  /** Whether calls are to be sent here. */
  isReady = true;
  private closing: Promise<void> | undefined;
  /** HTTP/2's; Node's server does not know them. */
  private readonly sessions = new Set<ServerHttp2Session>();

  constructor(
    private readonly app: FastifyInstance,
    private readonly times: ShutdownTimes,
  ) {
    // In whatever way the application is closed.
    app.addHook("preClose", async () => {
      this.isReady = false;
    });
    app.server.on("session", (session: ServerHttp2Session) => {
      this.sessions.add(session);
      session.once("close", () => this.sessions.delete(session));
    });
  }

  get hasBegun(): boolean {
    return this.closing !== undefined;
  }

  /**
   * Idempotent. A server that begins to listen does so first: an application that is closed
   * meanwhile would go on to listen.
   */
  close(listening?: Promise<unknown>): Promise<void> {
    this.closing ??= this.run(listening);
    return this.closing;
  }

  private async run(listening: Promise<unknown> | undefined): Promise<void> {
    this.isReady = false;
    await listening?.catch(() => undefined);
    if (this.times.drainMs > 0 && this.app.server.listening) await sleep(this.times.drainMs);
    const server: Partial<Server> = this.app.server;
    // Node closes the connections that are idle now; those that become idle later would stay open.
    const sweep = setInterval(() => server.closeIdleConnections?.(), IDLE_SWEEP_MS);
    // GOAWAY: streams in progress go on (RFC 9113, 6.8).
    for (const session of this.sessions) session.close();
    const cut = setTimeout(() => {
      server.closeAllConnections?.();
      for (const session of this.sessions) session.destroy();
    }, this.times.closeGraceMs);
    try {
      await this.app.close();
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  }
}
