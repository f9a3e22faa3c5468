import type { WebSocket } from "ws";
import {
  type CallFrame,
  type ClientFrame,
  CREDIT_WINDOW,
  CreditReceiver,
  CreditSender,
  type Dispatcher,
  type EndFrame,
  type ErrorFrame,
  explainFailure,
  FrameBatch,
  frameError,
  type ItemFrame,
  type ResultFrame,
  type ServerFrame,
  type Source,
} from "../call/index.js";
import { type ServiceCode, ServiceError } from "../errors/index.js";
import type { CallGate } from "./limits.js";
import { readFrames } from "./read-frame.js";
import { SocketCall, type SocketOrigin } from "./socket-call.js";
import type { SocketWatch } from "./socket-watch.js";

/** Calls that one socket may have under way, so that one caller cannot fill the memory. */
const MAX_CALLS = 10_000;

/** What may wait to be sent; a caller who does not read is not read from either: 1 MiB. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** WebSocket close codes (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

interface OpenCall {
  readonly call: SocketCall;
  readonly receiver: CreditReceiver | undefined;
  sender: CreditSender | undefined;
  /** Granted before there was a sender. */
  credit: number;
}

/** The calls of one WebSocket. */
export class SocketSession {
  private readonly calls = new Map<number, OpenCall>();
  /** What gives the places of calls back that wait or are under way. */
  private readonly leaving = new Map<number, () => void>();
  private isDraining = false;
  private readonly unsent: (() => void)[] = [];
  private readonly batch = new FrameBatch((message) => this.transmit(message));

  constructor(
    private readonly socket: WebSocket,
    private readonly dispatcher: Dispatcher,
    private readonly origin: SocketOrigin,
    private readonly watch: SocketWatch,
    private readonly limits: {
      readonly maxWaitingSize: number;
      readonly gate: CallGate | undefined;
    },
  ) {
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.refuse("messages must be text");
      else this.receive(String(data));
    });
    socket.on("close", () => this.cancelAll());
    // What is wrong with a socket ends it, and its calls with it.
    socket.on("error", () => undefined);
  }

  /** Refuses new calls, and closes the socket once the others have ended. */
  drain(): void {
    this.isDraining = true;
    if (this.calls.size + this.leaving.size > 0) return;
    this.batch.flush();
    this.socket.close(GOING_AWAY, "the server is closing");
  }

  private receive(text: string): void {
    let frames: readonly ClientFrame[];
    try {
      frames = readFrames(text);
    } catch (error) {
      this.refuse((error as Error).message);
      return;
    }
    for (const frame of frames) this.take(frame, text.length / frames.length);
  }

  /** `size` is that of the frame's text, more or less. */
  private take(frame: ClientFrame, size: number): void {
    if (frame.type === "call") {
      this.begin(frame);
      return;
    }
    const open = this.calls.get(frame.id);
    // Of a call that has ended meanwhile, as its caller could not know yet.
    if (open === undefined) {
      // One that waits for its turn has not been begun.
      if (frame.type === "cancel") this.forget(frame.id);
      return;
    }
    if (frame.type === "cancel") this.cancel(frame.id, open);
    else if (frame.type === "credit") this.grant(open, frame.count);
    else this.accept(open, frame, size);
  }

  private begin(frame: CallFrame): void {
    const { id } = frame;
    if (this.calls.has(id) || this.leaving.has(id)) {
      this.refuse(`call ${id} is under way`);
      return;
    }
    this.watch.began(frame);
    const refused = (error: ServiceError): void =>
      this.end({ type: "error", id, error: frameError(error) });
    const refusal = this.refusal();
    const { gate } = this.limits;
    if (refusal !== undefined) refused(refusal);
    else if (gate === undefined) this.start(frame);
    else {
      let isRefused = false;
      const { caller, address } = this.origin;
      const leave = gate.enter(
        caller?.id ?? address,
        () => this.start(frame),
        (error) => {
          isRefused = true;
          refused(error);
        },
      );
      if (!isRefused) this.leaving.set(id, leave);
    }
  }

  private start(frame: CallFrame): void {
    const { id } = frame;
    this.answer(frame).catch((error: unknown) => {
      const logger = this.watch.failuresOf(frame);
      const failure = explainFailure(error, `${frame.service}.${frame.method}`, logger);
      this.end({ type: "error", id, error: frameError(failure) });
    });
  }

  private refusal(): ServiceError | undefined {
    if (this.isDraining) return new ServiceError("UNAVAILABLE", "the server is closing");
    if (Math.max(this.calls.size, this.leaving.size) < MAX_CALLS) return undefined;
    const message = `a socket may have ${MAX_CALLS} calls under way`;
    return new ServiceError("RESOURCE_EXHAUSTED", message);
  }

  private async answer(frame: CallFrame): Promise<void> {
    const { id } = frame;
    const { definition } = this.dispatcher.find(frame.service, frame.method);
    const resumeAfter = definition.resumable ? frame.resumeAfter : undefined;
    const call = new SocketCall(frame, this.origin, resumeAfter);
    const receiver = definition.items === undefined ? undefined : this.receiverOf(id);
    const open: OpenCall = { call, receiver, sender: undefined, credit: frame.credit ?? 0 };
    this.calls.set(id, open);
    if (receiver !== undefined) this.send({ type: "credit", id, count: CREDIT_WINDOW });
    const answer = await this.dispatcher.call(frame.args, call, receiver?.items);
    if (answer.items === undefined) {
      this.end({ type: "result", id, value: answer.value });
      return;
    }
    await this.stream(open, id, answer.items, resumeAfter ?? 0);
  }

  private async stream(open: OpenCall, id: number, items: Source, after: number): Promise<void> {
    const sender = new CreditSender(id, items, (frame) => this.sendItem(frame));
    open.sender = sender;
    sender.grant(open.credit);
    // Cancelled before the stream was there.
    if (this.calls.get(id) !== open) sender.stop();
    await sender.run(after);
    if (this.calls.get(id) === open) this.forget(id, "OK");
  }

  private receiverOf(id: number): CreditReceiver {
    return new CreditReceiver(
      0,
      (count) => this.send({ type: "credit", id, count }),
      () => undefined,
    );
  }

  private accept({ receiver }: OpenCall, frame: ItemFrame | EndFrame, size: number): void {
    try {
      receiver?.accept(frame, size);
      if (this.waitingSize() > this.limits.maxWaitingSize) {
        throw new ServiceError("RESOURCE_EXHAUSTED", "too much was sent before it was read");
      }
    } catch (error) {
      receiver?.items.fail(error);
    }
  }

  /** Of the items of all calls. */
  private waitingSize(): number {
    let size = 0;
    for (const { receiver } of this.calls.values()) size += receiver?.waitingSize ?? 0;
    return size;
  }

  private grant(open: OpenCall, count: number): void {
    if (open.sender === undefined) open.credit += count;
    else open.sender.grant(count);
  }

  private cancel(id: number, open: OpenCall): void {
    this.forget(id);
    open.call.cancel();
    open.sender?.stop();
    open.receiver?.items.fail(new ServiceError("CANCELLED", "the caller is gone"));
  }

  private cancelAll(): void {
    for (const [id, open] of this.calls) this.cancel(id, open);
    for (const id of this.leaving.keys()) this.forget(id);
    for (const wake of this.unsent.splice(0)) wake();
  }

  /** The last frame of a call, unless its caller has gone. */
  private end(frame: ResultFrame | ErrorFrame): void {
    const { id } = frame;
    if (this.calls.has(id) || frame.type === "error") {
      this.send({ ...frame, ...this.watch.idFor(id) });
    }
    this.forget(id, frame.type === "error" ? frame.error.code : "OK");
  }

  /** A call is over; without a code, because its caller wants no more. */
  private forget(id: number, code: ServiceCode = "CANCELLED"): void {
    this.watch.ended(id, code);
    this.calls.delete(id);
    this.leaving.get(id)?.();
    this.leaving.delete(id);
    if (this.isDraining) this.drain();
  }

  private sendItem(frame: ItemFrame | EndFrame): Promise<void> | undefined {
    this.send(frame);
    if (this.socket.bufferedAmount <= MAX_UNSENT_BYTES) return undefined;
    return new Promise((resolve) => this.unsent.push(resolve));
  }

  private send(frame: ServerFrame): void {
    if (this.socket.readyState === this.socket.OPEN) this.batch.push(frame);
  }

  private transmit(message: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(message, () => this.sent());
    if (socket.bufferedAmount > MAX_UNSENT_BYTES && !socket.isPaused) socket.pause();
  }

  private sent(): void {
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES / 2) return;
    if (this.socket.isPaused) this.socket.resume();
    for (const wake of this.unsent.splice(0)) wake();
  }

  /** Whoever does not keep to the protocol is not talked to. */
  private refuse(reason: string): void {
    this.socket.close(POLICY_VIOLATION, reason);
    this.cancelAll();
  }
}
