import { ServiceError } from "../errors/index.js";
import type { Source } from "./guarded-stream.js";
import { ItemQueue } from "./item-queue.js";
import { CREDIT_WINDOW, type EndFrame, type ItemFrame } from "./socket-frames.js";

/** Sends the items of a source, as many as the other side has granted. */
export class CreditSender {
  private credit = 0;
  private wake: (() => void) | undefined;
  private isStopped = false;

  constructor(
    private readonly id: number,
    private readonly source: Source,
    /** May give a promise: nothing more is sent until then. */
    private readonly send: (frame: ItemFrame | EndFrame) => Promise<void> | undefined,
  ) {}

  grant(count: number): void {
    this.credit += count;
    this.wake?.();
  }

  /** Sends all items and the end, numbered from `seq + 1`. Rejects with what the source throws. */
  async run(seq = 0): Promise<void> {
    const { id, source } = this;
    for (let number = seq + 1; !this.isStopped; number++) {
      if (this.credit === 0) await this.granted();
      const step = await source.next();
      if (this.isStopped) return;
      this.credit--;
      if (step.done === true) {
        await this.send({ type: "end", id, seq: number });
        return;
      }
      await this.send({ type: "item", id, seq: number, item: step.value });
    }
  }

  /** The other side wants no more. */
  stop(): void {
    this.isStopped = true;
    this.wake?.();
    leave(this.source).catch(() => undefined);
  }

  private granted(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
      if (this.isStopped) this.wake();
    });
  }
}

async function leave(source: Source): Promise<void> {
  await source.return?.();
}

/** Receives items, and grants the other side more as they are read. */
export class CreditReceiver {
  readonly items: ItemQueue;
  private taken = 0;

  constructor(
    private seq: number,
    grant: (count: number) => void,
    onReturn: () => void,
  ) {
    this.items = new ItemQueue({
      onReturn,
      onTake: () => {
        this.taken++;
        if (this.taken < CREDIT_WINDOW / 2) return;
        const { taken } = this;
        this.taken = 0;
        if (!this.items.isEnded) grant(taken);
      },
    });
  }

  /** The size of what waits to be read, in characters of messages. */
  get waitingSize(): number {
    return this.items.waitingSize;
  }

  /** Throws for a frame that is not the next, or for more of them than were granted. */
  accept(frame: ItemFrame | EndFrame, size: number): void {
    this.seq++;
    if (frame.seq !== this.seq) {
      throw new ServiceError("DATA_LOSS", `item ${this.seq} of the stream is missing`);
    }
    if (frame.type === "end") {
      this.items.end();
      return;
    }
    if (this.items.size >= 2 * CREDIT_WINDOW) {
      throw new ServiceError("RESOURCE_EXHAUSTED", "more items were sent than were granted");
    }
    this.items.push(frame.item, size);
  }
}
