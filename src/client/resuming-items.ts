import { setTimeout as sleep } from "node:timers/promises";
import { errorOfAbort, type Send, type TransportRequest } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { ConnectionError } from "./connection-error.js";

/** The pause before a stream is resumed is random up to this, and doubles: see retry.ts. */
const FIRST_PAUSE_MS = 50;

/**
 * The items of a stream, which is opened again after the last item that came where the connection
 * broke: at most `resumptions` times without a new item.
 */
export class ResumingItems implements AsyncIterator<unknown> {
  private items: AsyncIterator<unknown> | undefined;
  private received: number;
  private attempts = 0;

  constructor(
    private readonly send: Send,
    private readonly request: TransportRequest,
    private readonly resumptions: number,
  ) {
    this.received = request.resumeAfter ?? 0;
  }

  async next(): Promise<IteratorResult<unknown>> {
    for (;;) {
      try {
        this.items ??= await this.open();
        const result = await this.items.next();
        this.received++;
        this.attempts = 0;
        return result;
      } catch (error) {
        this.items = undefined;
        if (!(error instanceof ConnectionError) || this.attempts >= this.resumptions) throw error;
        await this.pause(FIRST_PAUSE_MS * 2 ** this.attempts++);
      }
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    await this.items?.return?.();
    return { done: true, value: undefined };
  }

  private async open(): Promise<AsyncIterator<unknown>> {
    const { received, request } = this;
    const resumed = received > 0 ? { ...request, resumeAfter: received } : request;
    const { items } = await this.send(resumed);
    if (items !== undefined) return items;
    throw new ServiceError(
      "UNIMPLEMENTED",
      `${request.service}.${request.method} is a stream, which the client's transport cannot carry`,
    );
  }

  private async pause(longestMs: number): Promise<void> {
    const { signal } = this.request;
    await sleep(Math.random() * longestMs, undefined, { ...(signal && { signal }) }).catch(() => {
      if (signal !== undefined) throw errorOfAbort(signal);
    });
  }
}
