import type { CallbackLayout, NativeBinding, NativeValue } from "../../internal/binding.js";
import type { Engine } from "../call/engine.js";
import { decodeSlots } from "../call/placement.js";
import { THROWN } from "../call/refusals.js";
import type { HelperProcess } from "./helper-process.js";
import type { CallbackPlace, Lane } from "./lane.js";
import { packRanges } from "./ranges.js";
import type { SharedHeap } from "./shared-heap.js";
import type { SharedRows } from "./shared-rows.js";

/** A call, of either kind. */
export interface Caller {
  readonly name: string;
  /** Of a vector call. */
  readonly rows: SharedRows | undefined;
  /** What a callback of it threw. */
  thrown: { readonly error: unknown } | undefined;
}

/** How much is held, and up to where scratch space is used. */
export interface Below {
  readonly held: number;
  readonly top: number;
}

interface KnownCallback {
  readonly run: () => void;
  /** Of its argument registers. */
  readonly bytes: number;
}

/**
 * C function pointers in the helper that lead here. They end with their helper; what a listener
 * throws belongs to the call that the helper is in.
 */
export class IsolatedCallbacks {
  readonly #known = new Map<number, KnownCallback>();
  #last = 0;
  #depth = 0;
  /** Of those for which nobody waits, modulo 2^32. */
  #queuedRuns = 0;
  #below: Below;

  constructor(
    private readonly binding: NativeBinding,
    private readonly lane: Lane,
    private readonly heap: SharedHeap,
    private readonly process: HelperProcess,
    /** The call that the helper is in, if it is in one. */
    private readonly current: () => Caller | undefined,
  ) {
    this.#below = { held: 0, top: binding.frameLayout.scratch };
  }

  /** How many are in progress below one another. */
  get depth(): number {
    return this.#depth;
  }

  /** What belongs to the calls below the callbacks in progress: no other call sends it. */
  get below(): Below {
    return this.#below;
  }

  create(types: readonly NativeValue[], thread: number, run: () => void): CallbackLayout {
    const id = ++this.#last;
    const { slots } = this.binding.lowerSignature(types, -1, 0);
    const { address } = this.process.request({ cmd: "channel_callback", index: id, types, thread });
    this.#known.set(id, { run, bytes: this.#registerBytes(slots) });
    return { id, address: BigInt(String(address)), slots };
  }

  release(id: number): void {
    if (!this.#known.delete(id) || !this.process.isRunning) return;
    this.process.request({ cmd: "channel_callback_free", index: id });
  }

  /** The helper they were in has ended. */
  forget(): void {
    this.#known.clear();
    this.#queuedRuns = 0;
  }

  /** Runs the callback that the helper waits for. */
  run(engine: Engine): void {
    const { generation } = this.process;
    const caller = this.current();
    const known = this.#known.get(this.lane.callbackId("callback"));
    const { held } = engine.frame.scratch;
    const holding = held.length;
    // C goes on with zero after one has thrown, as within one process.
    const hasResult =
      known !== undefined && caller?.thrown === undefined && this.#enter(engine, known, caller);
    if (generation !== this.process.generation || !this.process.isRunning) return;
    const stop = caller?.thrown === undefined ? undefined : caller.rows?.stopRange;
    const ranges = this.heap.isPrivate ? packRanges(held, holding, stop && [stop]) : undefined;
    this.#answer("callback", hasResult, ranges);
  }

  /**
   * Runs the next callback for which nobody waits, if there is one: on the event loop only, below
   * no call, so that what its listener throws is an uncaught exception.
   */
  runQueued(engine: Engine): void {
    const { queued } = this.lane;
    if (queued === this.#queuedRuns) return;
    this.#queuedRuns = queued;
    const { generation } = this.process;
    const known = this.#known.get(this.lane.callbackId("queued"));
    if (known !== undefined) {
      this.#load(engine, known, "queued");
      try {
        known.run();
      } catch (error) {
        queueMicrotask(() => rethrow(error));
      }
      engine.frame.u32[engine.frame.statusIndex] = 0;
    }
    if (generation === this.process.generation && this.process.isRunning) {
      this.#answer("queued", false);
    }
  }

  #answer(place: CallbackPlace, hasResult: boolean, ranges?: Float64Array): void {
    const { isolate } = this.binding;
    const { handle } = this.process;
    if (this.heap.isPrivate) {
      isolate.answerCallback(handle, place === "queued", hasResult, ranges);
      return;
    }
    this.lane.answerCallback(place, hasResult);
    isolate.notifyHelper(handle);
  }

  /** Takes the arguments into the frame. */
  #load({ frame }: Engine, { bytes }: KnownCallback, place: CallbackPlace): void {
    frame.u8.set(this.lane.callbackRegisters(place, bytes), this.binding.frameLayout.registers);
    frame.u32[frame.statusIndex] = 0;
  }

  #enter(engine: Engine, known: KnownCallback, caller: Caller | undefined): boolean {
    const { frame } = engine;
    const { registers } = this.binding.frameLayout;
    const { results, registerBytes } = this.lane.layout;
    this.#load(engine, known, "callback");
    const { held, top } = frame.scratch;
    const below = this.#below;
    this.#below = { held: held.length, top };
    this.#depth++;
    // So that what the listener throws is left in `engine.thrown`.
    frame.u32[frame.depthIndex] = this.#depth;
    known.run();
    this.#depth--;
    this.#below = below;
    frame.u32[frame.depthIndex] = this.#depth;
    const hasThrown = frame.u32[frame.statusIndex] === THROWN;
    frame.u32[frame.statusIndex] = 0;
    if (hasThrown) {
      const { thrown } = engine;
      engine.thrown = undefined;
      if (caller === undefined) {
        queueMicrotask(() => rethrow(thrown?.error));
      } else {
        caller.thrown = thrown;
        caller.rows?.stop();
      }
      return false;
    }
    const target = this.lane.callbackRegisters("callback", registerBytes);
    target.set(frame.u8.subarray(registers + results, registers + registerBytes), results);
    return true;
  }

  #registerBytes(slots: readonly number[]): number {
    const { registers } = this.binding.frameLayout;
    const [, ...places] = decodeSlots(slots);
    const ends = places.flatMap(({ pieces }) =>
      pieces.map(({ offset, size }) => offset + Math.ceil(size / 8) * 8 - registers),
    );
    return Math.max(this.lane.layout.registerBytes, ...ends);
  }
}

/** Nobody waits for it: an uncaught exception. */
function rethrow(error: unknown): never {
  throw error;
}
