/**
 * What the native binary does for calls in a helper process: memory, processes and waiting.
 * `native/addon/isolate.cpp` is the other half of this contract, `native/channel/layout.h` says
 * what is in the memory. Helpers go by handles that are not used again.
 */
export interface IsolateBinding {
  /** Byte offsets in a lane, and sizes. */
  readonly layout: LaneLayout;
  /**
   * Memory that a helper can map, all zero; its room is taken as it is touched. `isPrivate`: that
   * it cannot; it has its own at the same address.
   */
  shareMemory(bytes: number, isPrivate: boolean): ArrayBuffer;
  /** `onEvent` runs on the event loop for news, and when the process ends. Gives [handle, pid]. */
  startHelper(
    path: string,
    flags: readonly string[],
    lane: ArrayBuffer,
    heap: ArrayBuffer,
    onEvent: () => void,
  ): readonly [handle: number, processId: number];
  /** Sends a line, gives the next one; undefined if the helper ends or the time is up. */
  request(handle: number, line: string, limitMs: number): string | undefined;
  /** From here on lines, calls and callbacks go as frames: native/channel/frames.h. */
  beginFrames(handle: number): void;
  /**
   * Makes the synchronous call in the lane's frame: WAITED. A limit of 0 is none. `rows` is the
   * address of a vector call's description, 0 for a single call. In frames `ranges` go along.
   */
  call(
    handle: number,
    depth: number,
    registerBytes: number,
    limitMs: number,
    rows: number,
    ranges: Float64Array | undefined,
  ): number;
  /** In frames: sends the asynchronous call that is in a slot of the lane. */
  startJob(
    handle: number,
    slot: number,
    registerBytes: number,
    ranges: Float64Array | undefined,
  ): void;
  /**
   * In frames: answers the callback, whose result is in the lane; or one for which nobody waits.
   */
  answerCallback(
    handle: number,
    isQueued: boolean,
    hasResult: boolean,
    ranges: Float64Array | undefined,
  ): void;
  /** Goes on waiting for it after a callback. */
  resumeCall(handle: number, depth: number, limitMs: number): number;
  /** Waits until the count of finished jobs is not `seen`, or for a callback. */
  waitForJobs(handle: number, seen: number, limitMs: number): number;
  /** Whether a callback waits to be run; once for each. */
  takeCallback(handle: number): boolean;
  /** Tells the helper that there are news. */
  notifyHelper(handle: number): void;
  /** How the process ended: its status, or the number of a signal besides. */
  helperEnd(handle: number): readonly [status: number, signal: number] | undefined;
  killHelper(handle: number): void;
  /** Kills it and forgets it. */
  closeHelper(handle: number): void;
  /** Whether the event loop waits for its news. */
  keepHelperAlive(handle: number, alive: boolean): void;
  /** Fills the view from the helper's memory, gives how many bytes are there. */
  readHelper(handle: number, address: bigint, target: ArrayBufferView): number;
  writeHelper(handle: number, address: bigint, source: ArrayBufferView): number;
}

export interface LaneLayout {
  readonly bytes: number;
  readonly slotCount: number;
  readonly maxDepth: number;
  readonly registerBytes: number;
  readonly client: number;
  readonly helper: number;
  readonly started: number;
  readonly finished: number;
  readonly callback: number;
  /** As `callback`, of one for which nobody waits. */
  readonly queued: number;
  readonly callbackRegisters: number;
  readonly slots: number;
  readonly slotBytes: number;
  readonly slotRegisters: number;
  /** Of the result registers, in the registers. */
  readonly results: number;
}

/** What waiting came to. */
export const WAITED = { done: 0, ended: 1, timedOut: 2, callback: 3 } as const;
