import { NativeError } from "../errors/index.js";
import { dlopen } from "../ffi/deferred.js";
import { isIsolate, newIsolate } from "../ffi/isolate/deferred.js";
import type { Isolate } from "../ffi/isolate/isolate.js";
import type { Isolation, ServiceDefinition } from "./definition.js";

/**
 * A native function on the pool of threads or in a helper process. A call whose signal aborts
 * before its turn leaves the queue, is never made, and rejects with the signal's reason; one that C
 * has begun goes on.
 */
export type QueuedFunction = (signal: AbortSignal, ...args: unknown[]) => Promise<unknown>;

/** A native function whose caller waits for it, and that can be queued. */
export interface WaitableFunction {
  (...args: unknown[]): unknown;
  readonly async: { readonly abortable: QueuedFunction };
}

/** What is to be called, and where. */
export interface IsolatedFunctionSource {
  readonly path: string;
  readonly declaration: string;
  readonly isolate: Exclude<Isolation, false>;
  readonly idempotent: boolean;
}

/**
 * The helpers that one client or server uses for a service. All of a process that use the service
 * share them: one for each library and its options. They end with the last who uses them.
 */
export class ServiceHelpers {
  readonly #held = new Set<SharedHelper>();
  #inProgress = 0;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(private readonly service: ServiceDefinition) {}

  /**
   * Starts the helper that has the function, if need be. Throws a NativeError why it cannot be had.
   */
  find(source: IsolatedFunctionSource): WaitableFunction {
    const helper = sharedHelper(this.service, source);
    if (!this.#held.has(helper)) helper.users++;
    this.#held.add(helper);
    try {
      return this.#whileOpen(helper.find(source), source);
    } catch (error) {
      if (helper.isEmpty) this.#release(helper);
      throw error;
    }
  }

  #whileOpen(call: WaitableFunction, { path }: IsolatedFunctionSource): WaitableFunction {
    const requireOpen = (): void => {
      if (this.#closing === undefined) return;
      throw new NativeError(
        "ERR_ISOLATE_UNAVAILABLE",
        `the client or server that had ${path} in a helper process is closed`,
      );
    };
    const abortable: QueuedFunction = async (signal, ...args) => {
      requireOpen();
      return await this.#during(signal, call.async.abortable(signal, ...args));
    };
    const sync = (...args: unknown[]): unknown => {
      requireOpen();
      return call(...args);
    };
    return Object.assign(sync, { async: { abortable } });
  }

  /** `close` waits for a call as long as its caller does. */
  #during<T>(signal: AbortSignal, call: Promise<T>): Promise<T> {
    this.#inProgress++;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener("abort", end);
      if (--this.#inProgress === 0) this.#whenIdle?.();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    return call.finally(end);
  }

  /** Refuses calls from here on, and waits for those in progress. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#inProgress > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    for (const helper of this.#held) this.#release(helper);
  }

  #release(helper: SharedHelper): void {
    this.#held.delete(helper);
    if (--helper.users > 0) return;
    helpersOf(this.service).delete(helper);
    helper.close();
  }
}

/** Of the services of this process, as long as their definitions are in use. */
const helpers = new WeakMap<ServiceDefinition, Set<SharedHelper>>();

function helpersOf(service: ServiceDefinition): Set<SharedHelper> {
  const known = helpers.get(service) ?? new Set();
  helpers.set(service, known);
  return known;
}

function sharedHelper(service: ServiceDefinition, source: IsolatedFunctionSource): SharedHelper {
  const known = helpersOf(service);
  for (const helper of known) if (helper.serves(source)) return helper;
  const made = new SharedHelper(source);
  known.add(made);
  return made;
}

/** A library in a helper: one of its own, or the caller's Isolate. */
class SharedHelper {
  users = 0;
  readonly #path: string;
  readonly #isolation: IsolatedFunctionSource["isolate"];
  readonly #isolate: Isolate;
  readonly #functions = new Map<string, WaitableFunction>();
  readonly #libraries: { close(): void }[] = [];

  /** Throws a NativeError where there are no helpers. */
  constructor({ path, isolate }: IsolatedFunctionSource) {
    this.#path = path;
    this.#isolation = isolate;
    if (isIsolate(isolate)) this.#isolate = isolate;
    else this.#isolate = newIsolate(isolate === true ? {} : isolate);
  }

  get isEmpty(): boolean {
    return this.#functions.size === 0;
  }

  serves({ path, isolate }: IsolatedFunctionSource): boolean {
    if (path !== this.#path) return false;
    const own = this.#isolation;
    if (isIsolate(isolate) || isIsolate(own)) return isolate === own;
    return JSON.stringify(isolate) === JSON.stringify(own);
  }

  /**
   * Each declaration has a handle of its own, because a handle gives one function a symbol, and two
   * methods may declare one symbol in their own ways.
   */
  find({ declaration, idempotent }: IsolatedFunctionSource): WaitableFunction {
    const key = `${Number(idempotent)}${declaration}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const definitions: Record<string, { declaration: string; idempotent: boolean }> = {
      call: { declaration, idempotent },
    };
    const { lib, functions } = dlopen(this.#path, definitions, { isolate: this.#isolate });
    const { call } = functions;
    if (call === undefined) throw new Error("a library without the function that was asked of it");
    this.#libraries.push(lib);
    const { sync, async: later } = call as unknown as UncheckedFunction;
    const found = Object.assign((...args: unknown[]) => sync(...args), { async: later });
    this.#functions.set(key, found);
    return found;
  }

  close(): void {
    const isOwned = this.#isolate !== this.#isolation;
    if (isOwned) this.#isolate.close();
    for (const library of this.#libraries) library.close();
  }
}

/** An isolated function, which checks its arguments itself. */
interface UncheckedFunction {
  sync(...args: readonly unknown[]): unknown;
  readonly async: WaitableFunction["async"];
}
