import {
  type ClientFrame,
  CreditReceiver,
  CreditSender,
  type EndFrame,
  type ItemFrame,
  type ResultFrame,
  type ServerFrame,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { errorOfProblem } from "../service/problem.js";

export interface ExchangeHooks {
  readonly resolve: (response: TransportResponse) => void;
  readonly reject: (error: ServiceError) => void;
  readonly send: (frame: ClientFrame) => void;
  readonly forget: () => void;
}

/** One call over a socket, from the caller's side. */
export class SocketExchange {
  /** Called once, when the call has ended in whichever way. */
  onOver: (() => void) | undefined;
  private readonly receiver: CreditReceiver | undefined;
  private readonly sender: CreditSender | undefined;
  private isOver = false;

  constructor(
    private readonly id: number,
    { items, stream, resumeAfter }: TransportRequest,
    private readonly hooks: ExchangeHooks,
  ) {
    if (stream === "server" || stream === "bidirectional") {
      this.receiver = new CreditReceiver(
        resumeAfter ?? 0,
        (count) => hooks.send({ type: "credit", id, count }),
        () => this.abandon(new ServiceError("CANCELLED", "the caller wants no more")),
      );
      hooks.resolve({ value: undefined, items: this.receiver.items, headers: {} });
    }
    if (items !== undefined) this.sender = this.startSending(items);
  }

  receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "credit":
        this.sender?.grant(frame.count);
        break;
      case "item":
      case "end":
        this.take(frame);
        break;
      case "result":
        if (this.finish()) this.hooks.resolve(responseOf(frame));
        break;
      case "error":
        this.fail(
          errorOfProblem(frame.error) ??
            new ServiceError("UNKNOWN", "the call failed without a code"),
        );
        break;
    }
  }

  /** The call failed, or the socket did. */
  fail(error: ServiceError): void {
    if (!this.finish()) return;
    if (this.receiver === undefined) this.hooks.reject(error);
    else this.receiver.items.fail(error);
  }

  /** The caller waits no more: the server is told. */
  abandon(error: ServiceError): void {
    if (!this.isOver) this.hooks.send({ type: "cancel", id: this.id });
    this.fail(error);
  }

  private take(frame: ItemFrame | EndFrame): void {
    try {
      this.receiver?.accept(frame, 0);
      if (frame.type === "end") this.finish();
    } catch (error) {
      this.abandon(error as ServiceError);
    }
  }

  private startSending(items: AsyncIterable<unknown>): CreditSender {
    const source = items[Symbol.asyncIterator]();
    const sender = new CreditSender(this.id, source, (frame) => {
      this.hooks.send(frame);
      return undefined;
    });
    // What the caller's own items throw ends the call by its signal.
    sender.run().catch(() => undefined);
    return sender;
  }

  /** True the first time; what comes after the first outcome is ignored. */
  private finish(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.hooks.forget();
    this.onOver?.();
    this.sender?.stop();
    return true;
  }
}

function responseOf({ value, requestId }: ResultFrame): TransportResponse {
  return { value, headers: requestId === undefined ? {} : { "x-request-id": requestId } };
}
