import { intercept, type Send, type Transport, type WireChoice } from "../call/index.js";
import { batched } from "./batching.js";
import { withHedging } from "./hedging.js";
import type { ClientSettings } from "./options.js";
import { withRetries } from "./retry.js";

interface Ways {
  readonly send: Send;
  readonly sendTogether: Send;
}

/** What far methods need of their client. */
export class FarSide {
  /** Put together by the first call. */
  private ways: Ways | undefined;

  constructor(
    readonly service: string,
    private readonly transport: Transport,
    private readonly settings: ClientSettings,
  ) {}

  get send(): Send {
    this.ways ??= this.makeWays();
    return this.ways.send;
  }

  get forms(): WireChoice | undefined {
    return this.transport.forms;
  }

  get timeoutMs(): number {
    return this.settings.timeoutMs;
  }

  get retries(): number {
    return this.settings.retries;
  }

  /** The same, with the calls of one turn of the event loop in one request. */
  together(): FarSide {
    this.ways ??= this.makeWays();
    const { sendTogether } = this.ways;
    const far = new FarSide(this.service, this.transport, this.settings);
    far.ways = { send: sendTogether, sendTogether };
    return far;
  }

  private makeWays(): Ways {
    const { transport } = this;
    const { retries, hedgeAfterMs, batch, interceptors } = this.settings;
    const once: Send = (request) => transport.call(request);
    const hedged = hedgeAfterMs === undefined ? once : withHedging(once, hedgeAfterMs);
    const send = withRetries(hedged, retries);
    const inBatches = batched(send);
    return {
      send: intercept(batch ? inBatches : send, interceptors),
      sendTogether: intercept(inBatches, interceptors),
    };
  }
}
