import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { type Engine, releaseHeld } from "../call/engine.js";
import type { StartJob } from "../call/marshaller.js";
import type { Caller } from "./callbacks.js";
import { timeoutError } from "./ended.js";
import type { HelperProcess } from "./helper-process.js";
import type { Lane, Outcome } from "./lane.js";
import type { PlanTable } from "./plans.js";
import { packRanges } from "./ranges.js";
import type { SharedHeap } from "./shared-heap.js";
import type { SharedRows } from "./shared-rows.js";
import { SlotQueue } from "./slot-queue.js";

/** An asynchronous call that is not finished. */
interface Job extends Caller {
  readonly index: number;
  readonly registerBytes: number;
  /** Its registers, as long as there is no slot for it. */
  readonly image: Uint8Array | undefined;
  readonly finish: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** What must stay alive until then. */
  readonly keep: readonly unknown[];
  readonly held: readonly unknown[];
  readonly stopListening: (() => void) | undefined;
}

/** An asynchronous call as it is made: see StartJob. */
export interface Started<T> {
  readonly finish: () => T;
  readonly keep: readonly unknown[];
  readonly holding: number;
  readonly rows: SharedRows | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What most calls hold. */
const nothing: readonly never[] = [];

/** What the asynchronous calls of a helper need of it. */
export interface JobParts {
  readonly binding: NativeBinding;
  readonly lane: Lane;
  readonly heap: SharedHeap;
  readonly process: HelperProcess;
  readonly plans: PlanTable;
  readonly timeoutMs: number;
  readonly engine: () => Engine & { text: Outcome["text"] };
  /** Called before the helper is told of a call. */
  readonly onStart: () => void;
}

/**
 * The asynchronous calls of one helper, which makes them one at a time, in order. As many as there
 * are slots are in the shared memory; the others wait here.
 */
export class IsolatedJobs {
  readonly #binding: NativeBinding;
  readonly #lane: Lane;
  readonly #heap: SharedHeap;
  readonly #process: HelperProcess;
  readonly #plans: PlanTable;
  readonly #timeoutMs: number;
  readonly #engine: JobParts["engine"];
  readonly #onStart: () => void;
  /** The first is the one that the helper is in. */
  readonly #started: SlotQueue<Job>;
  readonly #waiting: Job[] = [];
  /** Finished, and not settled yet. */
  readonly #collected: { readonly job: Job; readonly copy: Uint8Array<ArrayBuffer> }[] = [];
  /** The helper was woken in this turn; whether there were calls after that. */
  #woken: { again: boolean } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: JobParts) {
    const { lane } = parts;
    this.#binding = parts.binding;
    this.#lane = lane;
    this.#heap = parts.heap;
    this.#process = parts.process;
    this.#plans = parts.plans;
    this.#timeoutMs = parts.timeoutMs;
    this.#engine = parts.engine;
    this.#onStart = parts.onStart;
    this.#started = new SlotQueue(lane.layout.slotCount);
  }

  /** The call that the helper is in, if it is one of these. */
  get current(): Caller | undefined {
    return this.#started.first;
  }

  get count(): number {
    return this.#started.size + this.#waiting.length;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** How many calls the helper was told of, modulo 2^32. */
  get startCount(): number {
    return this.#started.added;
  }

  /** How many calls have been found finished, modulo 2^32. */
  get finishCount(): number {
    return this.#started.taken;
  }

  starter(index: number, signal?: AbortSignal): StartJob {
    return (finish, keep, holding) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      return this.start(index, { finish, keep, holding, rows: undefined, signal });
    };
  }

  /** Starts the call that is in the frame, of the plan `index`. */
  start<T>(index: number, started: Started<T>): Promise<T> {
    const { finish, keep, holding, rows, signal } = started;
    const { frame } = this.#engine();
    const plan = this.#plans.require(index);
    const { registers } = this.#binding.frameLayout;
    const { registerBytes } = plan;
    return new Promise<unknown>((resolve, reject) => {
      const { held: all } = frame.scratch;
      const held = all.length === holding ? nothing : all.splice(holding);
      const job: Job = {
        index,
        name: plan.name,
        registerBytes,
        image: this.#started.isFull
          ? frame.u8.slice(registers, registers + registerBytes)
          : undefined,
        rows,
        finish,
        resolve,
        reject,
        keep,
        held,
        stopListening: signal && this.#onAbort(signal, () => job),
        thrown: undefined,
      };
      if (this.count === 0) this.#process.keepAlive("calls", true);
      if (!this.#start(job)) this.#waiting.push(job);
    }) as Promise<T>;
  }

  /** Settles the calls that are finished. */
  settle(): void {
    for (const { job, copy } of this.#collected.splice(0)) {
      this.#settle(job, this.#lane.reload(copy));
    }
    this.#takeFinished((job, slot) => this.#settle(job, this.#lane.load(slot)));
  }

  /** Makes room in the slots, for whom promises may not be settled yet. */
  collectForLater(): void {
    this.#takeFinished((job, slot) => {
      this.#collected.push({ job, copy: this.#lane.copyOf(slot) });
    });
  }

  /** Has what is finished taken out of its slots, and starts what waits for them. */
  #takeFinished(take: (job: Job, slot: number) => void): void {
    const { finished } = this.#lane;
    if (this.#started.taken === finished) return;
    while (this.#started.taken !== finished) {
      const slot = this.#lane.finishedSlot(this.#started.taken);
      const job = this.#started.take(slot);
      if (job === undefined) {
        this.#process.kill(() => corruptionError());
        return;
      }
      take(job, slot);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    }
    this.#watch();
  }

  /** Fails all calls. */
  fail(error: () => NativeError, errorOfOthers: () => NativeError): void {
    const jobs = [...this.#started.clear(), ...this.#waiting.splice(0)];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#process.keepAlive("calls", false);
    for (const [index, job] of jobs.entries()) {
      job.stopListening?.();
      releaseHeld(job.held);
      job.reject(index === 0 ? error() : errorOfOthers());
    }
  }

  #start(job: Job): boolean {
    const number = this.#started.added;
    const slot = this.#started.add(job);
    if (slot === undefined) return false;
    // First: a helper that is awake may have finished the call before anything that comes after.
    this.#onStart();
    this.#lane.start(slot, job, number);
    if (this.#heap.isPrivate) this.#send(slot, job);
    else this.#wake();
    if (this.#started.size === 1) this.#watch();
    return true;
  }

  #send(slot: number, { registerBytes, held }: Job): void {
    const { handle } = this.#process;
    this.#binding.isolate.startJob(handle, slot, registerBytes, packRanges(held, 0));
  }

  /**
   * Wakes the helper if it sleeps: at once, and then at the end of the turn for all calls that
   * followed. Each time is a system call, of which a hundred calls would else make a hundred.
   */
  #wake(): void {
    if (this.#woken !== undefined) {
      this.#woken.again = true;
      return;
    }
    if (!this.#lane.helperSleeps) return;
    const woken = { again: false };
    this.#woken = woken;
    this.#notify();
    queueMicrotask(() => {
      this.#woken = undefined;
      if (woken.again && this.#process.isRunning && this.#lane.helperSleeps) this.#notify();
    });
  }

  #notify(): void {
    this.#binding.isolate.notifyHelper(this.#process.handle);
  }

  #settle(job: Job, { status, errorNumber, text }: Outcome): void {
    const engine = this.#engine();
    const { frame } = engine;
    job.stopListening?.();
    frame.i32[frame.errorIndex] = errorNumber;
    frame.u32[frame.statusIndex] = status;
    engine.text = text;
    this.#heap.takeBack(job.held, engine.readText);
    try {
      if (job.thrown !== undefined) throw job.thrown.error;
      job.resolve(job.finish());
    } catch (error) {
      job.reject(error);
    } finally {
      engine.text = undefined;
      frame.u32[frame.statusIndex] = 0;
      releaseHeld(job.held);
    }
    this.#process.succeeded();
    if (this.count === 0) this.#process.keepAlive("calls", false);
  }

  /** Gives the call that the helper is in its time. */
  #watch(): void {
    if (this.#timeoutMs === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const running = this.current;
    if (running === undefined) return;
    this.#timer = setTimeout(() => {
      this.settle();
      if (this.current !== running) return;
      this.#process.kill(() => timeoutError(running.name, this.#timeoutMs));
    }, this.#timeoutMs);
  }

  #onAbort(signal: AbortSignal, jobOf: () => Job): () => void {
    const listener = () => {
      const job = jobOf();
      const index = this.#waiting.indexOf(job);
      // What the helper knows of cannot be taken back: it may have begun.
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      releaseHeld(job.held);
      job.reject(signal.reason);
    };
    signal.addEventListener("abort", listener, { once: true });
    return () => signal.removeEventListener("abort", listener);
  }
}

function corruptionError(): NativeError {
  return new NativeError(
    "ERR_ISOLATE_ENDED",
    "the helper process was killed: it had written to the memory of calls what no call leaves there",
  );
}
