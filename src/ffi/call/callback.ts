import { ArgumentError, argumentMessage, describeValue } from "../../errors/index.js";
import { CALLBACK_THREADS } from "../../internal/binding.js";
import type { FunctionType } from "../types/ctype.js";
import { expectedResult } from "../types/expected.js";
import { nativeValueOf } from "../types/native-value.js";
import type { CallbackFactory, CallbackTarget, Listener } from "./callback-marshal.js";
import { createCallbackFactory } from "./callback-marshal.js";
import { canGenerateCode } from "./code-generation.js";
import type { Engine, Held } from "./engine.js";
import { failJob } from "./jobs.js";
import type { Refusals } from "./marshaller.js";
import { THROWN } from "./refusals.js";
import { type Signature, signatureOfType } from "./signature.js";
import type { Holder } from "./stage.js";

/** What a call from a thread that is not JavaScript's does. */
export type CallbackThread = keyof typeof CALLBACK_THREADS;

/**
 * A C function pointer that leads to a JavaScript function. Its native half stays valid for ever:
 * called when there is no function any more, it gives C zero.
 */
export class Callback implements CallbackTarget {
  readonly address: bigint;
  readonly refusals: Refusals;
  readonly #id: number;
  #strong: Listener | undefined;
  #weak: WeakRef<Listener> | undefined;
  /** The call that it is lent to, and as which argument. */
  #borrower: Refusals | undefined;
  #position = 0;

  constructor(
    private readonly engine: Engine,
    signature: Signature,
    thread: CallbackThread,
    listener: Listener | undefined,
  ) {
    this.#strong = listener;
    this.refusals = new CallbackRefusals(this, signature);
    const types = [signature.result, ...signature.parameters.map(({ type }) => type)];
    let run: (() => void) | undefined;
    const layout = engine.binding.createCallback(
      types.map(nativeValueOf),
      CALLBACK_THREADS[thread],
      () => run?.(),
    );
    run = factoryOf(engine, signature, layout.slots)(this);
    this.#id = layout.id;
    this.address = layout.address;
  }

  listener(): Listener | undefined {
    return this.#strong ?? this.#weak?.deref();
  }

  listen(listener: Listener | undefined): void {
    this.#strong = listener;
    this.#weak = undefined;
  }

  /** For one call, which `borrower` speaks for. */
  lend(listener: Listener, borrower: Refusals, position: number): void {
    this.#strong = listener;
    this.#borrower = borrower;
    this.#position = position;
  }

  /** Says which callback has the problem: an argument of a call, or a function that was registered. */
  refuse(problem: string): never {
    if (this.#borrower !== undefined) return this.#borrower.callback(this.#position, problem);
    const name = this.listener()?.name;
    throw new ArgumentError(`registered callback${name ? ` ${name}` : ""}: ${problem}`);
  }

  /** Lets the collector take the function; false if it has already. */
  unref(): boolean {
    const listener = this.listener();
    if (listener === undefined) return false;
    this.#weak = new WeakRef(listener);
    this.#strong = undefined;
    return true;
  }

  /** Keeps the function; false if the collector has taken it. */
  ref(): boolean {
    const listener = this.listener();
    if (listener === undefined) return false;
    this.listen(listener);
    return true;
  }

  /** From here on C gets zero. */
  dispose(): void {
    this.listen(undefined);
    this.engine.binding.releaseCallback(this.#id);
  }

  /**
   * The innermost native call of this thread throws the error; without one, the asynchronous call
   * that the callback belongs to; without that it is an uncaught exception.
   */
  fail(error: unknown): void {
    const { u32, depthIndex, jobIndex, statusIndex } = this.engine.frame;
    const job = u32[jobIndex] ?? 0;
    if (u32[depthIndex] !== 0) this.engine.thrown = { error };
    else if (job !== 0) failJob(job, error);
    else throw error;
    u32[statusIndex] = THROWN;
  }
}

/** Marshalling code by signature: callbacks of one signature share it. */
function factoryOf(
  engine: Engine,
  signature: Signature,
  slots: readonly number[],
): CallbackFactory {
  const { factories } = engine.callbacks;
  const known = factories.get(signature.key);
  if (known !== undefined) return known;
  const made = createCallbackFactory(engine, signature, slots, canGenerateCode());
  factories.set(signature.key, made);
  return made;
}

/** Words a callback's result that does not fit. */
class CallbackRefusals implements Refusals {
  constructor(
    private readonly owner: Callback,
    private readonly signature: Signature,
  ) {}

  argument(_index: number, value: unknown): never {
    return this.part(0, "", expectedResult(this.signature.result, value), value);
  }

  part(_index: number, path: string, expected: string, value: unknown): never {
    const got = describeValue(value);
    return this.owner.refuse(`the callback's result${path} must be ${expected}, got ${got}`);
  }

  callback(): never {
    throw new Error("a callback's result is no callback");
  }

  detached(): never {
    throw new Error("a callback's result is no memory");
  }

  count(): never {
    throw new Error("C passes what the signature says");
  }

  status(): never {
    throw new Error("a callback has no status");
  }
}

/** A callback that is lent to one call at a time. */
class Transient implements Held {
  readonly address: bigint;
  constructor(
    readonly callback: Callback,
    private readonly idle: Callback[],
  ) {
    this.address = callback.address;
  }

  release(): void {
    this.callback.listen(undefined);
    this.idle.push(this.callback);
  }
}

/** A JavaScript function is a callback for as long as the call lasts. */
export function functionStage(engine: Engine, type: FunctionType, index: number): Holder {
  return {
    stage(value, refusals) {
      if (value === null || value === undefined) return null;
      if (typeof value === "bigint" && BigInt.asUintN(64, value) === value) return value;
      if (typeof value !== "function") {
        return refusals.argument(index, value);
      }
      const transient = acquireTransient(engine, type);
      transient.callback.lend(value as Listener, refusals, index);
      engine.frame.scratch.held.push(transient);
      return transient.address;
    },
    unstage: undefined,
    takesAnyView: false,
  };
}

/** A function pointer for the duration of a call. Those given back are used again. */
function acquireTransient(engine: Engine, type: FunctionType): Transient {
  const { idle } = engine.callbacks;
  let callbacks = idle.get(type.key);
  if (callbacks === undefined) {
    callbacks = [];
    idle.set(type.key, callbacks);
  }
  const callback =
    callbacks.pop() ?? new Callback(engine, signatureOfType(type), "block", undefined);
  return new Transient(callback, callbacks);
}

/** How to register a callback. */
export interface CallbackOptions {
  /**
   * A call from another thread: `block` waits for JavaScript's result (the default), `queue`
   * returns zero at once and runs the function later, `drop` returns zero and does nothing.
   */
  readonly thread?: CallbackThread;
  /** Whether calls from other threads may still come, so that the process stays. Default: false. */
  readonly keepAlive?: boolean;
}

/** The callbacks that were registered with one library. */
export class CallbackRegistry {
  readonly #callbacks = new Map<bigint, { callback: Callback; keepAlive: boolean }>();

  constructor(private readonly engine: Engine) {}

  register(signature: Signature, listener: Listener, options: CallbackOptions = {}): bigint {
    const { thread = "block", keepAlive = false } = options;
    if (!Object.hasOwn(CALLBACK_THREADS, thread)) {
      const known = Object.keys(CALLBACK_THREADS).join(", ");
      throw new ArgumentError(`thread must be one of ${known}, got ${describeValue(thread)}`);
    }
    const callback = new Callback(this.engine, signature, thread, listener);
    this.#callbacks.set(callback.address, { callback, keepAlive });
    if (keepAlive) countKeptAlive(this.engine, 1);
    return callback.address;
  }

  unregister(pointer: unknown): void {
    const { callback, keepAlive } = this.#find(pointer);
    this.#callbacks.delete(callback.address);
    callback.dispose();
    if (keepAlive) countKeptAlive(this.engine, -1);
  }

  ref(pointer: unknown): void {
    if (!this.#find(pointer).callback.ref()) throw collectedError();
  }

  unref(pointer: unknown): void {
    if (!this.#find(pointer).callback.unref()) throw collectedError();
  }

  /** Unregisters all. */
  clear(): void {
    for (const pointer of [...this.#callbacks.keys()]) this.unregister(pointer);
  }

  #find(pointer: unknown): { callback: Callback; keepAlive: boolean } {
    if (typeof pointer !== "bigint") {
      throw new ArgumentError(
        argumentMessage(0, "pointer", "a bigint", pointer),
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const found = this.#callbacks.get(pointer);
    if (found === undefined) throw new ArgumentError("callback not found: the pointer is not one");
    return found;
  }
}

let keptAlive = 0;

function countKeptAlive({ binding }: Engine, change: number): void {
  keptAlive += change;
  binding.keepAlive(keptAlive);
}

function collectedError(): ArgumentError {
  return new ArgumentError("the callback's function has been collected");
}
