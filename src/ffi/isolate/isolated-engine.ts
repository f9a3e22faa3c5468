import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { isDetachedView } from "../../internal/detached.js";
import { WAITED } from "../../internal/isolate-binding.js";
import { type Engine, engineParts } from "../call/engine.js";
import { createFrame } from "../call/frame.js";
import { DETACHED, THROWN } from "../call/refusals.js";
import { createTextReader } from "../call/text-reader.js";
import { readTextsBy } from "../call/text-source.js";
import type { Caller, IsolatedCallbacks } from "./callbacks.js";
import { timeoutError } from "./ended.js";
import type { HelperMemory } from "./helper-memory.js";
import type { HelperProcess } from "./helper-process.js";
import type { IsolatedJobs } from "./jobs.js";
import type { Lane } from "./lane.js";
import type { Plan, PlanTable } from "./plans.js";
import { packRanges } from "./ranges.js";
import { type SharedHeap, WAYS } from "./shared-heap.js";
import type { SharedRows } from "./shared-rows.js";

/** What a helper's engine is put together from. */
export interface IsolatedParts {
  readonly binding: NativeBinding;
  readonly lane: Lane;
  readonly heap: SharedHeap;
  readonly process: HelperProcess;
  readonly memory: HelperMemory;
  readonly plans: PlanTable;
  readonly callbacks: IsolatedCallbacks;
  readonly jobs: IsolatedJobs;
  readonly timeoutMs: number;
}

/** A synchronous call. */
export interface SyncCaller extends Caller {
  /**
   * How many asynchronous calls the helper makes before it, modulo 2^32; undefined until posted.
   */
  jobsBefore: number | undefined;
}

/** An engine whose calls are made in a helper process. */
export interface IsolatedEngine extends Engine {
  /** Text at the address that the function gave which is being finished. */
  text: Uint8Array | undefined;
  /** The synchronous calls in progress, the innermost last. */
  readonly calls: SyncCaller[];
  /** Makes the call that is in the frame, and waits for it. */
  dispatch(rows: SharedRows | undefined): void;
}

/**
 * The engine that marshallers of isolated functions are made with: their frame is in memory that
 * the helper shares, and whatever pointers lead to is copied there.
 */
export function createIsolatedEngine(parts: IsolatedParts): IsolatedEngine {
  const { lane, heap, memory, callbacks } = parts;
  const binding: NativeBinding = {
    ...parts.binding,
    frame: lane.frame,
    frameAddress: lane.address,
    dispatch: () => dispatch(engine, parts, undefined),
    dispatchViews: (...views) => dispatchViews(engine, parts, views),
    addressOf: (view) => shareMemory(engine, heap, view as ArrayBufferView),
    copyFrom: (address, target) => memory.read(address, target),
    copyTo: (address, source) => memory.write(address, source as ArrayBufferView),
    readString: (address) => memory.readString(address),
    createCallback: (types, thread, run) => callbacks.create(types, thread, run),
    releaseCallback: (id) => callbacks.release(id),
    keepAlive: (count) => parts.process.keepAlive("callbacks", count > 0),
  };
  const frame = createFrame(binding);
  const readFar = createTextReader(binding);
  const readText: Engine["readText"] = (address, encoding) => {
    const { text } = engine;
    if (text === undefined || encoding !== "utf8" || address === 0n) {
      return readFar(address, encoding);
    }
    engine.text = undefined;
    return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
  };
  const addressOf: Engine["addressOf"] = (view) =>
    isDetachedView(view) ? undefined : shareMemory(engine, heap, view);
  const engine: IsolatedEngine = {
    ...engineParts(binding, frame),
    crossing: {
      name: "helper",
      reason: "calls are made in a helper process",
      dispatch: binding.dispatch,
      withMemory: undefined,
      reentrant: undefined,
    },
    readText,
    addressOf,
    takeMemory(size) {
      const bytes = new Uint8Array(size);
      readTextsBy(bytes.buffer, readText);
      return bytes;
    },
    holdMemory(size, alignment) {
      const block = heap.block(size, alignment);
      frame.scratch.held.push(block);
      return block.bytes;
    },
    text: undefined,
    calls: [],
    dispatch: (rows) => dispatch(engine, parts, rows),
  };
  readTextsBy(lane.frame, readText);
  return engine;
}

/**
 * The address of memory as the helper has it: where it is, or where a copy of it is for the call.
 */
function shareMemory(engine: Engine, heap: SharedHeap, view: ArrayBufferView): bigint {
  const known = heap.addressOf(view);
  if (known !== undefined) return known;
  const block = heap.copy(view);
  engine.frame.scratch.held.push(block);
  return block.address;
}

/** Views are shared, and what C leaves there is copied back. */
function dispatchViews(
  engine: IsolatedEngine,
  parts: IsolatedParts,
  views: readonly (ArrayBufferView | undefined)[],
): void {
  const { frame } = engine;
  const { held } = frame.scratch;
  const holding = held.length;
  const plan = parts.plans.get(frame.u32[frame.planIndex] ?? 0);
  try {
    for (const [position, view] of views.entries()) {
      if (view === undefined) continue;
      const address = engine.addressOf(view);
      if (address === undefined) {
        frame.u32[frame.statusIndex] = DETACHED + position;
        return;
      }
      frame.u64[(plan.viewOffsets[position] ?? 0) >> 3] = address;
    }
    dispatch(engine, parts, undefined);
  } finally {
    engine.release(holding);
  }
}

function dispatch(
  engine: IsolatedEngine,
  parts: IsolatedParts,
  rows: SharedRows | undefined,
): void {
  const { frame } = engine;
  const index = frame.u32[frame.planIndex] ?? 0;
  const plan = parts.plans.require(index);
  const call: SyncCaller = { name: plan.name, rows, thrown: undefined, jobsBefore: undefined };
  engine.calls.push(call);
  try {
    wait(engine, parts, plan, call);
  } finally {
    engine.calls.pop();
  }
  parts.process.succeeded();
  parts.heap.takeBack(engine.frame.scratch.held, engine.readText);
  keepThrown(engine, call);
}

function wait(engine: IsolatedEngine, parts: IsolatedParts, plan: Plan, call: SyncCaller): void {
  const { process, callbacks, timeoutMs, jobs, lane } = parts;
  const { isolate } = parts.binding;
  const { handle, generation } = process;
  const { depth } = callbacks;
  if (depth > lane.layout.maxDepth) {
    throw new NativeError(
      "ERR_ISOLATE_UNAVAILABLE",
      `${plan.name} is called below more than ${lane.layout.maxDepth} callbacks of a helper process`,
    );
  }
  const { frame } = engine;
  const { registers } = engine.binding.frameLayout;
  if (jobs.isWaiting && depth === 0) {
    const image = frame.u8.slice(0, registers + plan.registerBytes);
    awaitTurn(engine, parts);
    frame.u8.set(image);
  }
  call.jobsBefore = jobs.startCount;
  const rows = call.rows?.address ?? 0;
  const ranges = parts.heap.isPrivate ? rangesOf(engine, parts) : undefined;
  let waited = isolate.call(handle, depth, plan.registerBytes, timeoutMs, rows, ranges);
  while (waited === WAITED.callback) {
    callbacks.run(engine);
    // The callback made a call that the helper did not survive.
    if (generation !== process.generation || !process.isRunning) throw process.lastError();
    waited = isolate.resumeCall(handle, depth, timeoutMs);
  }
  if (waited === WAITED.done) return;
  if (waited === WAITED.ended) process.checkEnd();
  else process.kill(() => timeoutError(plan.name, timeoutMs));
  throw process.lastError();
}

/** What a call takes along to a helper that shares no memory. */
function rangesOf({ frame }: Engine, { lane, callbacks }: IsolatedParts): Float64Array | undefined {
  const { held, top } = frame.scratch;
  const { below } = callbacks;
  const address = Number(lane.address) + below.top;
  return packRanges(held, below.held, [{ address, bytes: top - below.top, ways: WAYS.both }]);
}

/** Calls are made in order: those before this one that have not found room yet come first. */
function awaitTurn(engine: IsolatedEngine, { jobs, process, callbacks, binding }: IsolatedParts) {
  while (jobs.isWaiting) {
    // The end of the turn, when sleeping helpers are woken for their calls, may be far.
    binding.isolate.notifyHelper(process.handle);
    const waited = binding.isolate.waitForJobs(process.handle, jobs.finishCount, 0);
    if (waited === WAITED.callback) callbacks.run(engine);
    else if (waited === WAITED.ended) process.checkEnd();
    if (!process.isRunning) throw process.lastError();
    jobs.collectForLater();
  }
}

function keepThrown(engine: Engine, { thrown }: Caller): void {
  if (thrown === undefined) return;
  engine.thrown = thrown;
  engine.frame.u32[engine.frame.statusIndex] = THROWN;
}
