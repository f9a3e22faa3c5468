import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { findHelper } from "../../internal/helper.js";
import { HelperEndedError, type Place, timeoutError } from "./ended.js";
import type { Lane } from "./lane.js";
import type { ResolvedIsolateOptions } from "./options.js";
import type { SharedHeap } from "./shared-heap.js";

/** What the helper's side of the control channel refused: docs/helper-protocol.md has the codes. */
export class HelperRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Makes an error that says where the helper was. */
export type MakeError = (place: Place | undefined) => NativeError;

/** What whoever makes calls wants to hear of the process. */
export interface ProcessListener {
  /** On the event loop: there may be finished calls, or a callback. */
  onNews(): void;
  /** Takes what the process has finished, and tells what it is in. */
  currentPlace(): Place | undefined;
  /** The process is no more; whatever it had is gone. The first error is for the call it was in. */
  onEnd(error: () => NativeError, errorOfOthers: () => NativeError): void;
}

/** The longest wait before a helper is started again, in milliseconds. */
const MAX_DELAY_MS = 5_000;

export interface RequestOptions {
  readonly limitMs: number;
  /** What the helper is to do, for the error of a helper that does not come back. */
  readonly what: string;
}

/** What the helper does in no time unless it hangs. */
const CONTROL: RequestOptions = { limitMs: 10_000, what: "the preparation of a call" };

/** Descriptors of the helper: see HelperProcess in native/addon/helper_process.h. */
const LANE_DESCRIPTOR = 3;
const HEAP_DESCRIPTOR = 4;
const EVENT_DESCRIPTOR = 5;

/**
 * One helper process at a time: started when it is needed, started again when it is needed and has
 * ended. Each start is a generation, and nothing of one is known to the next.
 */
export class HelperProcess {
  #handle: number | undefined;
  #id: number | undefined;
  #generation = 0;
  #failures = 0;
  #notBefore = 0;
  #lastRequest = 0;
  #isClosed = false;
  readonly #wanted = { calls: false, callbacks: false };
  #end = { status: 0, signal: 0 };
  #lastError = (): NativeError => new HelperEndedError(this.#end, undefined);
  #lastErrorOfOthers = (): NativeError => new HelperEndedError(this.#end, undefined, false);

  constructor(
    private readonly binding: NativeBinding,
    private readonly lane: Lane,
    private readonly heap: SharedHeap,
    private readonly options: ResolvedIsolateOptions,
    private readonly listener: ProcessListener,
  ) {}

  /** Which start of it this is; what belongs to another one is gone. */
  get generation(): number {
    return this.#generation;
  }

  /** Its number among the system's processes; undefined while there is none. */
  get id(): number | undefined {
    return this.#id;
  }

  get isRunning(): boolean {
    return this.#handle !== undefined;
  }

  /** The handle of the process, which is started if there is none. Throws why there can be none. */
  require(): number {
    if (this.#handle !== undefined) return this.#handle;
    if (this.#isClosed) throw new NativeError("ERR_ISOLATE_UNAVAILABLE", "the isolate is closed");
    this.#requireRestartAllowed();
    return this.#start();
  }

  /** The handle of the process that runs. */
  get handle(): number {
    if (this.#handle === undefined) throw new Error("the helper does not run");
    return this.#handle;
  }

  /**
   * Asks the helper by a line of JSON and waits for its answer. Throws a HelperRefusal, or the
   * error of its end.
   */
  request(
    command: Readonly<Record<string, unknown>>,
    { limitMs, what }: RequestOptions = CONTROL,
  ): Readonly<Record<string, unknown>> {
    const { isolate } = this.binding;
    const handle = this.require();
    const id = ++this.#lastRequest;
    const line = `${JSON.stringify({ ...command, id })}\n`;
    const start = performance.now();
    const text = isolate.request(handle, line, limitMs);
    const answer = text === undefined ? undefined : parseAnswer(text, id);
    if (answer === undefined) {
      const isLate = performance.now() - start >= limitMs;
      this.kill(isLate ? () => timeoutError(what, limitMs) : undefined, what);
      throw isLate ? this.lastError() : this.#lastErrorOfOthers();
    }
    if (answer.ok === true) return answer;
    const { code, message } = answer.error as { code: string; message: string };
    throw new HelperRefusal(code, message);
  }

  /** Whether the event loop waits for the process, for calls or for callbacks. */
  keepAlive(what: "calls" | "callbacks", wanted: boolean): void {
    this.#wanted[what] = wanted;
    const { calls, callbacks } = this.#wanted;
    if (this.isRunning) this.binding.isolate.keepHelperAlive(this.handle, calls || callbacks);
  }

  /** A call has succeeded: the next end is the first. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Looks whether the process has ended, and if so tells the listener. */
  checkEnd(): void {
    if (this.#handle === undefined) return;
    if (this.binding.isolate.helperEnd(this.#handle) !== undefined) {
      this.#settleEnd();
    }
  }

  /** Ends the process, if it runs, and waits for that. */
  kill(makeError?: MakeError, what?: string): void {
    if (this.#handle === undefined) return;
    this.binding.isolate.killHelper(this.#handle);
    while (this.binding.isolate.helperEnd(this.#handle) === undefined) pause();
    this.#settleEnd(what, makeError);
  }

  /** Ends the process for good. */
  close(): void {
    this.#isClosed = true;
    this.kill(() => new NativeError("ERR_ISOLATE_UNAVAILABLE", "the isolate is closed"));
  }

  #start(): number {
    const { isolate } = this.binding;
    requireEventLoop();
    const path = findHelper();
    if (path === undefined) {
      throw new NativeError(
        "ERR_ISOLATE_UNAVAILABLE",
        "the executable nearfar-helper is not there: run `npx nearfar-build` to compile it",
      );
    }
    this.lane.clear();
    const onEvent = () => this.#onEvent();
    try {
      // Everything else is told by errors here.
      const level = process.env.FFI_LOG_LEVEL ?? "error";
      const most = this.heap.isPrivate ? ["--max-line", "0"] : [];
      const flags = ["--server", "--duplex", "--log-level", level, ...most, ...this.options.flags];
      const { lane, heap } = this;
      const started = isolate.startHelper(path, flags, lane.buffer, heap.buffer, onEvent);
      [this.#handle, this.#id] = started;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NativeError(
        "ERR_ISOLATE_UNAVAILABLE",
        `the helper process cannot be started: ${reason}`,
        { cause: error },
      );
    }
    this.#generation++;
    this.#openChannel();
    return this.handle;
  }

  #openChannel(): void {
    this.request({ cmd: "handshake", version: "1.0" });
    const { lane, heap } = this;
    if (heap.isPrivate) {
      this.request({ cmd: "framing", framing: "binary" });
      this.binding.isolate.beginFrames(this.handle);
      this.request({ cmd: "channel", lane: placeOf(lane), heap: placeOf(heap) });
      return;
    }
    this.request({
      cmd: "channel",
      lane: { fd: LANE_DESCRIPTOR, ...placeOf(lane) },
      heap: { fd: HEAP_DESCRIPTOR, ...placeOf(heap) },
      event: EVENT_DESCRIPTOR,
    });
    lane.wantEvent(true);
  }

  #onEvent(): void {
    this.listener.onNews();
    this.checkEnd();
  }

  #settleEnd(otherwise?: string, makeError?: MakeError): void {
    const { isolate } = this.binding;
    const handle = this.handle;
    const [status, signal] = isolate.helperEnd(handle) ?? [0, 0];
    this.#end = { status, signal };
    isolate.closeHelper(handle);
    this.#handle = undefined;
    this.#id = undefined;
    this.#failures++;
    const delay = this.options.restartDelayMs * 2 ** (this.#failures - 2);
    this.#notBefore = this.#failures < 2 ? 0 : performance.now() + Math.min(delay, MAX_DELAY_MS);
    const place =
      this.listener.currentPlace() ??
      (otherwise === undefined ? undefined : { name: otherwise, row: undefined });
    const ended = () => new HelperEndedError({ status, signal }, place);
    this.#lastError = makeError === undefined ? ended : () => makeError(place);
    this.#lastErrorOfOthers = () => new HelperEndedError({ status, signal }, place, false);
    this.listener.onEnd(this.#lastError, this.#lastErrorOfOthers);
  }

  /** Why the last process is no more, for a call that was in progress. */
  lastError(): NativeError {
    return this.#lastError();
  }

  #requireRestartAllowed(): void {
    const { maxRestarts } = this.options;
    if (this.#failures > maxRestarts) {
      throw new NativeError(
        "ERR_ISOLATE_UNAVAILABLE",
        `the helper process ended ${this.#failures} times without a successful call, more than ` +
          `maxRestarts (${maxRestarts}) allows; the last time it ${describe(this.#end)}`,
      );
    }
    while (performance.now() < this.#notBefore) pause();
  }
}

function placeOf({ address, buffer }: Lane | SharedHeap): object {
  return { address: String(address), bytes: buffer.byteLength };
}

function describe({ status, signal }: { status: number; signal: number }): string {
  return signal === 0 ? `ended with status ${status}` : `was ended by signal ${signal}`;
}

function parseAnswer(text: string, id: number): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const isOurs = typeof answer === "object" && answer !== null && "id" in answer;
    return isOurs && answer.id === id ? (answer as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // A library has written to our channel.
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** A millisecond, without giving JavaScript a turn. */
function pause(): void {
  Atomics.wait(cell, 0, 0, 1);
}

/** News of helpers come by libuv's handles, for which Bun aborts, and which Deno does not have. */
function requireEventLoop(): void {
  const { bun, deno } = process.versions;
  if (bun === undefined && deno === undefined) return;
  throw new NativeError(
    "ERR_ISOLATE_UNAVAILABLE",
    `isolated calls need Node.js, this is ${bun === undefined ? "Deno" : "Bun"}: leave out ` +
      "isolate, or let a service in Node.js make the calls",
  );
}
