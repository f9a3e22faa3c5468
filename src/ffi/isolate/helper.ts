import type { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { type Caller, IsolatedCallbacks } from "./callbacks.js";
import type { Place } from "./ended.js";
import { HelperMemory } from "./helper-memory.js";
import { HelperProcess } from "./helper-process.js";
import { createIsolatedEngine, type IsolatedEngine } from "./isolated-engine.js";
import { IsolatedJobs } from "./jobs.js";
import { Lane } from "./lane.js";
import type { ResolvedIsolateOptions } from "./options.js";
import { PlanTable } from "./plans.js";
import { Polling } from "./polling.js";
import type { SharedHeap } from "./shared-heap.js";

/** A helper process with everything that its calls need. */
export class Helper {
  readonly engine: IsolatedEngine;
  readonly process: HelperProcess;
  readonly memory: HelperMemory;
  readonly plans: PlanTable;
  readonly jobs: IsolatedJobs;
  /** What arguments point to is copied there. */
  readonly heap: SharedHeap;
  readonly #lane: Lane;
  readonly #callbacks: IsolatedCallbacks;
  readonly #whenIdle: (() => void)[] = [];

  constructor(
    private readonly binding: NativeBinding,
    heap: SharedHeap,
    options: ResolvedIsolateOptions,
  ) {
    const lane = new Lane(binding, heap.isPrivate);
    const { timeoutMs } = options;
    const process = new HelperProcess(binding, lane, heap, options, {
      onNews: () => this.#onNews(),
      currentPlace: () => this.#currentPlace(),
      onEnd: (error, errorOfOthers) => this.#onEnd(error, errorOfOthers),
    });
    const memory = new HelperMemory(binding, process);
    const plans = new PlanTable(process);
    const jobs = new IsolatedJobs({
      binding,
      lane,
      heap,
      process,
      plans,
      timeoutMs,
      engine: () => this.engine,
      onStart: () => {
        if (polling.start()) lane.wantEvent(false);
      },
    });
    const polling = new Polling(
      () => this.#takeNews(),
      () => this.#onNews(),
    );
    const callbacks = new IsolatedCallbacks(binding, lane, heap, process, () => this.#current());
    this.heap = heap;
    this.#lane = lane;
    this.process = process;
    this.memory = memory;
    this.plans = plans;
    this.jobs = jobs;
    this.#callbacks = callbacks;
    this.engine = createIsolatedEngine({
      binding,
      lane,
      heap,
      process,
      memory,
      plans,
      callbacks,
      jobs,
      timeoutMs,
    });
  }

  /** Calls that are not finished. */
  get load(): number {
    return this.jobs.count + this.engine.calls.length;
  }

  /** Runs an action once no call is in progress. */
  whenIdle(action: () => void): void {
    if (this.load === 0) action();
    else this.#whenIdle.push(action);
  }

  #runIdle(): void {
    if (this.load > 0) return;
    for (const action of this.#whenIdle.splice(0)) action();
  }

  /**
   * The call that the helper is in: those of a callback first, then in the order they were made.
   */
  #current(): Caller | undefined {
    const call = this.engine.calls.at(-1);
    if (this.#callbacks.depth > 0 || call?.jobsBefore === this.#lane.finished) return call;
    return this.jobs.current ?? call;
  }

  #onNews(): void {
    this.#takeNews();
    // Before another look: news between the two would be signalled to nobody.
    this.#lane.wantEvent(true);
    this.#takeNews();
    this.#runIdle();
  }

  /** Whether nothing else is waited for. */
  #takeNews(): boolean {
    const { process } = this;
    while (process.isRunning && this.binding.isolate.takeCallback(process.handle)) {
      this.#callbacks.run(this.engine);
    }
    if (process.isRunning) this.#callbacks.runQueued(this.engine);
    this.jobs.settle();
    return this.jobs.count === 0;
  }

  /** Calls that are finished are, also if the helper is no more. */
  #currentPlace(): Place | undefined {
    this.jobs.settle();
    const call = this.#current();
    // Rows that no result has brought back went with the helper.
    return call && { name: call.name, row: this.heap.isPrivate ? undefined : call.rows?.row };
  }

  /** What was made in the helper is gone; what it is made from stays. */
  #onEnd(error: () => NativeError, errorOfOthers: () => NativeError): void {
    this.#callbacks.forget();
    this.engine.callbacks.idle.clear();
    this.engine.thrown = undefined;
    this.jobs.fail(error, errorOfOthers);
    this.#runIdle();
  }
}
