import type { Dispatcher } from "undici";
import {
  errorOfAbort,
  FrameReader,
  ItemQueue,
  LineParser,
  NDJSON_CONTENT_TYPE,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { connectionError } from "./connection-error.js";
import { type AnswerHeaders, readAnswer } from "./http-answer.js";

/** The longest line that is read, and the longest answer that is no stream: 64 MiB. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

/** So many items may wait for their reader, or so much text; then the server is made to wait. */
const MAX_WAITING = 1024;
const MAX_WAITING_LENGTH = 1024 * 1024;

/**
 * One request and the stream that answers it, as an undici handler. Its response is there with the
 * first bytes; what is no stream is read to its end, and is an error.
 */
export class HttpStreamExchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: AnswerHeaders = {};
  private controller: Dispatcher.DispatchController | undefined;
  private items: ItemQueue | undefined;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  /** Of the line that was parsed last. */
  private lineLength = 0;
  private readonly lines = new LineParser(MAX_LINE_LENGTH, (line) => {
    this.lineLength = line.length;
    return JSON.parse(line) as unknown;
  });
  private readonly frames: FrameReader;
  private readonly signal: AbortSignal | undefined;
  private isOver = false;

  constructor(
    private readonly target: string,
    request: TransportRequest,
    private readonly resolve: (response: TransportResponse) => void,
    private readonly reject: (error: ServiceError) => void,
  ) {
    this.frames = new FrameReader(request.resumeAfter ?? 0);
    this.signal = request.signal;
    this.signal?.addEventListener("abort", this.onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error("the call was given up"));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: AnswerHeaders,
  ): void {
    this.status = status;
    this.headers = headers;
    if (status !== 200 || headers["content-type"] !== NDJSON_CONTENT_TYPE) return;
    const items = new ItemQueue({
      onTake: () => {
        if (controller.paused && !isFilledBy(items, 0.5)) controller.resume();
      },
      onReturn: () => this.fail(new ServiceError("CANCELLED", "the caller wants no more")),
    });
    this.items = items;
    this.resolve({ value: undefined, items, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { items } = this;
    try {
      if (items === undefined) {
        this.size += chunk.length;
        if (this.size > MAX_LINE_LENGTH) throw new Error("the answer is too long");
        this.chunks.push(chunk);
        return;
      }
      for (const line of this.lines.push(chunk)) this.take(items, line);
      if (isFilledBy(items, 1)) controller.pause();
    } catch (error) {
      this.fail(error instanceof ServiceError ? error : brokenStream(this.target, error));
    }
  }

  onResponseEnd(): void {
    if (this.items !== undefined) {
      this.fail(connectionError(this.target, new Error("the stream broke off")));
    } else {
      const body = Buffer.concat(this.chunks);
      const answer = readAnswer(this.target, this.status, this.headers, body);
      this.fail(answer instanceof ServiceError ? answer : noStream(this.target));
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(connectionError(this.target, error));
  }

  private take(items: ItemQueue, line: unknown): void {
    if (this.isOver) return;
    const frame = this.frames.read(line);
    if (frame !== undefined) items.push(frame.item, this.lineLength);
    else if (this.finish()) items.end();
  }

  private readonly onAbort = (): void => {
    if (this.signal !== undefined) this.fail(errorOfAbort(this.signal));
  };

  /** Ends the stream with an error, and the request with it. */
  private fail(error: ServiceError): void {
    if (!this.finish()) return;
    if (this.items === undefined) this.reject(error);
    else this.items.fail(error);
    this.controller?.abort(error);
  }

  /** True the first time; what comes after the first outcome is ignored. */
  private finish(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.signal?.removeEventListener("abort", this.onAbort);
    return true;
  }
}

/** Whether what waits is more than a share of what may. */
function isFilledBy({ size, waitingSize }: ItemQueue, share: number): boolean {
  return size > MAX_WAITING * share || waitingSize > MAX_WAITING_LENGTH * share;
}

function brokenStream(target: string, cause: unknown): ServiceError {
  return new ServiceError("UNKNOWN", `${target} answered with a broken stream`, { cause });
}

function noStream(target: string): ServiceError {
  return new ServiceError("UNKNOWN", `${target} answered with one value where a stream was due`);
}
