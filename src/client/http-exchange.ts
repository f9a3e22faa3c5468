import type { Dispatcher } from "undici";
import { errorOfAbort, type TransportResponse } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { connectionError, SilenceError } from "./connection-error.js";
import { type AnswerHeaders, readAnswer } from "./http-answer.js";
import { decompress } from "./http-body.js";

/** The longest answer that is read, so that a broken server cannot fill the memory: 64 MiB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * One request and its answer, as an undici handler. `dispatch` with a handler of one's own spares
 * the stream that `undici.request` makes of every body.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: AnswerHeaders = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private controller: Dispatcher.DispatchController | undefined;
  private isSettled = false;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort: (() => void) | undefined;

  constructor(
    private readonly target: string,
    timeoutMs: number,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (response: TransportResponse) => void,
    private readonly reject: (error: ServiceError) => void,
  ) {
    this.timer = setTimeout(() => {
      this.abandon(this.status === 0 ? new SilenceError(timeoutMs) : deadlineExceeded(timeoutMs));
    }, timeoutMs);
    if (signal !== undefined) {
      this.onAbort = () => this.abandon(errorOfAbort(signal));
      signal.addEventListener("abort", this.onAbort, { once: true });
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Given up while waiting for a connection: undici cannot be told before it starts.
    if (this.isSettled) controller.abort(new Error("the call was given up"));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size <= MAX_ANSWER_BYTES) this.chunks.push(chunk);
    else this.abandon(answerTooLarge(this.target));
  }

  onResponseEnd(): void {
    if (!this.settle()) return;
    const { chunks, headers } = this;
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    if (headers["content-encoding"] === undefined) this.finish(body);
    else this.finishEncoded(body);
  }

  /** Only what was asked for is understood: gzip. */
  private finishEncoded(body: Buffer): void {
    decompress(body, MAX_ANSWER_BYTES).then(
      (bytes) => this.finish(bytes),
      (error: NodeJS.ErrnoException) => {
        const isLong = error.code === "ERR_BUFFER_TOO_LARGE";
        this.reject(isLong ? answerTooLarge(this.target) : brokenEncoding(this.target, error));
      },
    );
  }

  private finish(body: Buffer): void {
    const { headers, status, target } = this;
    const answer = readAnswer(target, status, headers, body);
    if (answer instanceof ServiceError) this.reject(answer);
    else if (answer.form === undefined) this.resolve({ value: answer.value, headers });
    else this.resolve({ value: answer.value, form: answer.form, headers });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.settle()) this.reject(connectionError(this.target, error));
  }

  /** Ends the wait with an error, and the request with it. */
  private abandon(error: ServiceError): void {
    if (!this.settle()) return;
    this.reject(error);
    this.controller?.abort(error);
  }

  /** True the first time; whatever comes after the first outcome is ignored. */
  private settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    clearTimeout(this.timer);
    if (this.onAbort !== undefined) this.signal?.removeEventListener("abort", this.onAbort);
    return true;
  }
}

export function deadlineExceeded(timeoutMs: number): ServiceError {
  return new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`);
}

function brokenEncoding(target: string, cause: Error): ServiceError {
  const message = `${target} answered with a content-encoding that is not gzip, or broken`;
  return new ServiceError("UNKNOWN", message, { cause });
}

function answerTooLarge(target: string): ServiceError {
  return new ServiceError(
    "RESOURCE_EXHAUSTED",
    `the answer of ${target} is larger than ${MAX_ANSWER_BYTES} bytes`,
  );
}
