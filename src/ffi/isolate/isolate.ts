import { ArgumentError, NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { loadNative } from "../../internal/loader.js";
import { requireInteger } from "../../internal/options.js";
import type { FunctionSource } from "../call/foreign-function.js";
import type { Host } from "../call/host.js";
import { readTextsBy } from "../call/text-source.js";
import { requireAddress } from "../memory/memory.js";
import type { AnyFunction } from "../types/value-types.js";
import { Helper } from "./helper.js";
import { createIsolatedFunction } from "./isolated-function.js";
import { IsolatedLibrary } from "./isolated-library.js";
import {
  type IsolateOptions,
  type ResolvedIsolateOptions,
  resolveIsolateOptions,
} from "./options.js";
import { SharedHeap } from "./shared-heap.js";
import { requireUserSwitch } from "./user.js";

/**
 * Helper processes for one library or a group of them: pass it as the option `isolate` of `dlopen`.
 * A process is started when it is first needed, and started again after it has ended. It ends with
 * `close`, and with this process, however that ends.
 */
export class Isolate {
  readonly #heap: SharedHeap;
  readonly #helpers: readonly Helper[];
  readonly #libraries = new Map<number, IsolatedLibrary>();
  readonly #options: IsolateOptions;
  readonly #loadTimeoutMs: number;
  readonly #repeatWaiting: boolean;
  #lastLibrary = 0;
  #isClosed = false;

  /** Throws `ERR_ISOLATE_UNAVAILABLE` if `channel` or `sandbox.user` cannot be had here. */
  constructor(options: IsolateOptions = {}) {
    const resolved = resolveIsolateOptions(options, "options");
    requireUserSwitch(options.sandbox?.user, "options.sandbox.user");
    const { binding, summary } = loadNative();
    if (binding === undefined) throw new NativeError("ERR_NATIVE_UNAVAILABLE", summary);
    const heap = makeHeap(binding, resolved);
    this.#heap = heap;
    this.#options = options;
    this.#loadTimeoutMs = resolved.loadTimeoutMs;
    this.#repeatWaiting = resolved.repeatWaiting;
    this.#helpers = Array.from(
      { length: resolved.processes },
      () => new Helper(binding, heap, resolved),
    );
  }

  /** How calls reach the processes: what the option of that name came to. */
  get channel(): "memory" | "socket" {
    return this.#heap.isPrivate ? "socket" : "memory";
  }

  /** The numbers of the processes that run now. */
  get processIds(): readonly number[] {
    return this.#helpers.flatMap(({ process }) => process.id ?? []);
  }

  /**
   * Memory that the helpers have, too, zeroed: passed to a function it is not copied. It belongs to
   * its ArrayBuffer, and outlives a helper that ends.
   */
  allocate(bytes: number): Uint8Array<ArrayBuffer> {
    requireInteger(bytes, "bytes", 1, this.#heap.buffer.byteLength);
    const memory = this.#heap.allocate(bytes);
    readTextsBy(memory.buffer, this.#first.engine.readText);
    return memory;
  }

  /**
   * A copy of a helper's memory. Throws `ERR_FFI_INVALID_POINTER` for an address where there is
   * none. With several processes, that of the first.
   */
  read(address: bigint, bytes: number): Buffer {
    requireAddress(address, "address");
    requireInteger(bytes, "bytes", 0, this.#heap.buffer.byteLength);
    const target = Buffer.alloc(bytes);
    const { memory, engine } = this.#first;
    memory.read(address, target);
    // The addresses in it are the helper's.
    readTextsBy(target.buffer, engine.readText);
    return target;
  }

  /** Writes to a helper's memory, as `read` reads it. */
  write(address: bigint, bytes: ArrayBufferView): void {
    requireAddress(address, "address");
    if (!ArrayBuffer.isView(bytes)) throw new ArgumentError("bytes must be an ArrayBufferView");
    this.#first.memory.write(address, bytes);
  }

  /** Parts of the shared memory that calls, and memory of `allocate`, take up. */
  get blocksInUse(): number {
    return this.#heap.blockCount;
  }

  /** Starts the processes, which the first call would do. */
  start(): void {
    for (const { process } of this.#helpers) process.require();
  }

  /** Ends the processes. Calls that are not finished fail. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { process } of this.#helpers) process.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Its options: what there is of it in a stored service definition, sandbox included. */
  toJSON(): IsolateOptions {
    return this.#options;
  }

  /** Where a library of this isolate lives; `isOwned` if the isolate ends with it. */
  host(isOwned: boolean): Host {
    const { engine } = this.#first;
    return {
      engine,
      libraries: {
        openLibrary: (path, flags) => this.#open(path, flags),
        findSymbol: (library, name, version) =>
          this.#library(library).find(this.#first, name, version),
        closeLibrary: (library) => this.#close(library),
      },
      createFunction: (source) => this.#createFunction(source),
      close: () => {
        if (isOwned) this.#whenIdle(() => this.close());
      },
    };
  }

  get #first(): Helper {
    const [first] = this.#helpers;
    if (first === undefined) throw new Error("an isolate without helpers");
    return first;
  }

  #open(path: string | null, flags: number): number {
    const library = new IsolatedLibrary(path, flags, this.#loadTimeoutMs);
    library.load(this.#first);
    this.#libraries.set(++this.#lastLibrary, library);
    return this.#lastLibrary;
  }

  #library(handle: number): IsolatedLibrary {
    const library = this.#libraries.get(handle);
    if (library === undefined) throw new Error("no such library");
    return library;
  }

  /** Calls that are not finished may be inside of it. */
  #close(handle: number): void {
    const library = this.#library(handle);
    library.markClosed();
    this.#libraries.delete(handle);
    this.#whenIdle(() => library.unload());
  }

  #whenIdle(action: () => void): void {
    let busy = this.#helpers.length;
    const done = () => {
      if (--busy === 0) action();
    };
    for (const helper of this.#helpers) helper.whenIdle(done);
  }

  #createFunction(source: FunctionSource): AnyFunction {
    const { library: handle, symbol, address, name } = source;
    const library = this.#library(handle);
    if (symbol === undefined && this.#helpers.length > 1) {
      throw new ArgumentError(`${name} is in one of ${this.#helpers.length} processes: which one?`);
    }
    const made = symbol === undefined ? this.#first.process.generation : 0;
    return createIsolatedFunction({
      ...source,
      helpers: this.#helpers,
      repeatWaiting: this.#repeatWaiting,
      isClosed: () => library.isClosed,
      addressIn(helper) {
        if (symbol !== undefined) return library.findNamed(helper, symbol);
        if (helper.process.generation === made) return address;
        throw new NativeError(
          "ERR_FFI_INVALID_POINTER",
          `${name} was in a helper process that has ended`,
        );
      },
    });
  }
}

/** Shared with the helpers, unless the system refuses that or the caller does not want it. */
function makeHeap(
  binding: NativeBinding,
  { channel, sharedBytes }: ResolvedIsolateOptions,
): SharedHeap {
  if (channel === "socket") return new SharedHeap(binding, sharedBytes, true);
  try {
    return new SharedHeap(binding, sharedBytes, false);
  } catch (error) {
    if (channel === "auto") return new SharedHeap(binding, sharedBytes, true);
    const reason = error instanceof Error ? error.message : String(error);
    throw new NativeError("ERR_ISOLATE_UNAVAILABLE", `options.channel "memory": ${reason}`, {
      cause: error,
    });
  }
}
