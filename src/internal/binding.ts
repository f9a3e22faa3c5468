import type { CryptoBinding } from "./crypto-binding.js";
import type { IsolateBinding } from "./isolate-binding.js";

/** What the native binary exports. `native/addon` is the other half of this contract. */
export interface NativeBinding {
  /** The package version the binary was built from. */
  readonly version: string;
  /** CONTRACT of the sources it was built from; the loader refuses another. */
  readonly contract: number;
  /** The calling convention: `sysv-x64`, `aapcs64` or `win64`. */
  readonly abi: string;
  /** The call frame of this environment, shared with native code. */
  readonly frame: ArrayBuffer;
  readonly frameAddress: bigint;
  /** Byte offsets in the frame, and how many pointer arguments a view mask covers. */
  readonly frameLayout: {
    plan: number;
    viewMask: number;
    status: number;
    depth: number;
    errorNumber: number;
    job: number;
    liveCallbacks: number;
    registers: number;
    scratch: number;
    maxViews: number;
  };
  readonly types: Readonly<Record<string, { size: number; signed: boolean; float: boolean }>>;

  /** Executes the plan that the frame names: the Node-API crossing. */
  dispatch(): void;
  /**
   * Makes the functions that do the same by V8's own calling sequence and want the plan's token:
   * the V8 crossing. Once in an environment. Throws why there is none.
   */
  createFastDispatch(): FastDispatch;
  /** As `dispatch`; takes the views of pointer arguments, by position among the pointers. */
  dispatchViews(...views: (ArrayBufferView | undefined)[]): void;
  /**
   * Lowers a signature, once for all its functions. `types` is the result type followed by the
   * argument types; `fixed` is how many parameters a variadic function names, or -1; `flags` are
   * PLAN_FLAGS.
   */
  lowerSignature(types: readonly NativeValue[], fixed: number, flags: number): CallLayout;
  /**
   * Makes the plan of a function. Gives its token, the plan's name for the V8 crossing, and leaves
   * its index in the frame.
   */
  createPlan(shape: number, library: number, address: bigint): number;
  releasePlan(index: number): void;

  /**
   * Makes a C function pointer. Each call of it leaves the argument registers in the frame, calls
   * `run`, and takes the result registers from there. `thread` is one of CALLBACK_THREADS.
   */
  createCallback(types: readonly NativeValue[], thread: number, run: () => void): CallbackLayout;
  /** From here on calls of the pointer return zero. */
  releaseCallback(id: number): void;
  /** Whether calls from other threads keep the event loop alive, for all callbacks together. */
  keepAlive(count: number): void;

  /**
   * Hands a copy of the call in the frame to the thread pool: its registers, none of which may
   * point into scratch space. Calls of the same `queue` (-1: none) run one at a time, in order.
   */
  startJob(job: number, queue: number): void;
  /** Removes a job that has not started; false if it has. */
  cancelJob(job: number): boolean;
  /**
   * Puts the result registers and the status of a finished job back into the frame and gives its
   * number; -1 if none is finished.
   */
  takeJob(): number;
  /** How many threads the pool of this process has at most; without effect once it has some. */
  configurePool(threads: number): void;
  /** `run` is called on the event loop when jobs are finished. `threads`: 0 leaves the default. */
  setJobHandler(run: () => void, threads: number): void;

  /**
   * Makes `count` calls of the plan in the frame. `columns` holds six numbers for each argument
   * that varies: the offset in the frame, the width there, the bytes of an element, 1 if it is
   * sign-extended, the byte offset within an element, the index in `views`. `result` is the offset
   * in the frame and the bytes of a result; it goes to `out` unless that is undefined. Stops at a
   * status. With a job number other than 0 the calls are split over the thread pool.
   */
  mapCalls(
    count: number,
    columns: Uint32Array,
    views: readonly ArrayBufferView[],
    resultOffset: number,
    resultBytes: number,
    out: ArrayBufferView | undefined,
    job: number,
  ): void;

  /** `flags`: LIBRARY_FLAGS. */
  openLibrary(path: string | null, flags: number): number;
  findSymbol(library: number, name: string, version?: string): bigint;
  closeLibrary(library: number): void;

  addressOf(memory: ArrayBufferView | ArrayBuffer): bigint;
  /** The NUL-terminated UTF-8 text; undefined if it is too long for a string. */
  readString(address: bigint): string | undefined;
  copyFrom(address: bigint, target: ArrayBufferView): void;
  /** The memory itself, which must outlive the ArrayBuffer. */
  viewMemory(address: bigint, length: number): ArrayBuffer;
  /** Takes the memory from an ArrayBuffer and its views, also where it is not V8's own. */
  detach(buffer: ArrayBuffer): void;
  copyTo(address: bigint, source: ArrayBufferView | ArrayBuffer): void;
  /** The address of this environment's `uv_loop_t`. */
  currentEventLoop(): bigint;

  /** Digests and signatures. */
  readonly crypto: CryptoBinding | undefined;
  /** Calls in a helper process. */
  readonly isolate: IsolateBinding;
}

/**
 * A type as native code takes it: the name of a scalar, or an aggregate as its size, its alignment,
 * the largest of its members' and then name and byte offset of each scalar in it (none beyond 64
 * bytes). Before the scalars of an aggregate inside, "aggregate" and how many they are.
 */
export type NativeValue =
  | string
  | readonly [
      size: number,
      alignment: number,
      naturalAlignment: number,
      ...leaves: (string | number)[],
    ];

export const FAST_VIEWS = 4;
export const DECLINED = 3;
/** `givesText` is for helper processes, which look for the text at the result's address. */
export const PLAN_FLAGS = { capturesError: 1, win64: 2, givesText: 4 } as const;
export const CALLBACK_THREADS = { block: 0, queue: 1, drop: 2 } as const;
export const LIBRARY_FLAGS = { global: 1, lazy: 2, noDelete: 4, deepBind: 8 } as const;

export interface FastDispatch {
  readonly dispatch: (token: number) => void;
  /**
   * As `dispatchViews`, for the first FAST_VIEWS pointers. Leaves DECLINED as the status where that
   * has to be called instead: always in code that is not optimised.
   */
  readonly views: (token: number, ...views: (ArrayBufferView | undefined)[]) => void;
  /**
   * As `dispatch`; the first pointer is the text, which is copied to byte `at` of the frame. Leaves
   * DECLINED for a string that is not ASCII, has a NUL or is in pieces, and in code that is not
   * optimised.
   */
  readonly text: (token: number, at: number, text: string) => void;
  /** To be used while callbacks exist, where JavaScript must not run inside of `dispatch`. */
  readonly reentrant: ((token: number) => void) | undefined;
}

/**
 * Where the values of a call lie in the frame. `slots` holds, for the result and then for each
 * argument: the number of pieces, 1 if it goes by reference (its one piece is a pointer), and three
 * numbers for each piece: the byte of the value it starts at, its bytes, its offset in the frame.
 */
export interface CallLayout {
  /** The lowered signature, for `createPlan`. */
  readonly shape: number;
  readonly slots: readonly number[];
}

export interface CallbackLayout {
  readonly id: number;
  readonly address: bigint;
  readonly slots: readonly number[];
}
