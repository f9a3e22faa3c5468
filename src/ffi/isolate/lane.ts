import type { NativeBinding } from "../../internal/binding.js";
import type { LaneLayout } from "../../internal/isolate-binding.js";

/**
 * Of the words that each side writes: see ClientWords and HelperWords in native/channel/layout.h.
 */
const BELL = 0;
const HELPER_SLEEPS = 1;
const WANTS_EVENT = 2;
const CLIENT_JOBS = 3;
const HELPER_JOBS = 2;
const HELPER_QUEUED = 4;

/** Of a slot, in words. */
const SLOT_PLAN = 0;
const SLOT_STATUS = 1;
const SLOT_ERROR = 2;
const SLOT_TEXT = 3;
const SLOT_ROWS = 4;

/** Of a callback's call, in words. */
const CALLBACK_ID = 0;
const CALLBACK_HAS_RESULT = 1;
const CALLBACK_ANSWERED = 2;

/** No text was copied: kNoText. */
const NO_TEXT = 0xffff_ffff;

/** An asynchronous call as it goes into a slot. */
export interface LaneCall {
  /** The number of its plan. */
  readonly index: number;
  /** How much of the registers it has. */
  readonly registerBytes: number;
  /** Its registers, where they are no longer in the frame. */
  readonly image: Uint8Array | undefined;
  readonly rows: { readonly address: number } | undefined;
}

/** Where a callback's call is: of one whose caller waits for the result, or for nobody. */
export type CallbackPlace = "callback" | "queued";

/** How an asynchronous call ended, whose result registers are in the frame. */
export interface Outcome {
  readonly status: number;
  readonly errorNumber: number;
  /** UTF-8 at the address that the function gave. */
  readonly text: Uint8Array | undefined;
}

/**
 * The memory of calls, shared with one helper: `native/channel/layout.h`. What is read from it is
 * copied, then checked: a library in the helper can write anything here, at any time.
 */
export class Lane {
  readonly layout: LaneLayout;
  readonly buffer: ArrayBuffer;
  /** The first part of it alone: the call frame. */
  readonly frame: ArrayBuffer;
  readonly address: bigint;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #client: number;
  readonly #helper: number;
  /** Of the frame, in bytes. */
  readonly #registers: number;

  /** `isPrivate`: see SharedHeap. */
  constructor({ isolate, ...binding }: NativeBinding, isPrivate: boolean) {
    this.layout = isolate.layout;
    this.buffer = isolate.shareMemory(this.layout.bytes, isPrivate);
    this.address = binding.addressOf(this.buffer);
    this.frame = binding.viewMemory(this.address, binding.frame.byteLength);
    this.#bytes = new Uint8Array(this.buffer);
    this.#words = new Int32Array(this.buffer);
    this.#client = this.layout.client >> 2;
    this.#helper = this.layout.helper >> 2;
    this.#registers = binding.frameLayout.registers;
  }

  /** As new, for a new helper. */
  clear(): void {
    this.#bytes.fill(0, this.layout.client, this.layout.slots);
  }

  /** Writes a call into a slot and puts it in line as number `count`. */
  start(slot: number, call: LaneCall, count: number): void {
    const { index, image, registerBytes, rows } = call;
    const { slots, slotBytes, slotRegisters, started, slotCount } = this.layout;
    const at = slots + slot * slotBytes;
    const address = rows === undefined ? 0 : rows.address;
    this.#words[(at >> 2) + SLOT_PLAN] = index;
    this.#words[(at >> 2) + SLOT_ROWS] = address | 0;
    this.#words[(at >> 2) + SLOT_ROWS + 1] = Math.floor(address / 2 ** 32);
    if (image !== undefined) this.#bytes.set(image, at + slotRegisters);
    else this.#copy(this.#registers, registerBytes, at + slotRegisters);
    this.#words[(started >> 2) + (count % slotCount)] = slot;
    Atomics.store(this.#words, this.#client + CLIENT_JOBS, (count + 1) | 0);
    Atomics.add(this.#words, this.#client + BELL, 1);
  }

  /** Whether the helper has to be woken for what is new. */
  get helperSleeps(): boolean {
    return Atomics.load(this.#words, this.#helper + HELPER_SLEEPS) !== 0;
  }

  /** Whether the helper is to signal its next news to the event loop. */
  wantEvent(isWanted: boolean): void {
    Atomics.store(this.#words, this.#client + WANTS_EVENT, isWanted ? 1 : 0);
  }

  /** How many calls the helper says it has finished, modulo 2^32. */
  get finished(): number {
    return Atomics.load(this.#words, this.#helper + HELPER_JOBS) >>> 0;
  }

  /** The slot of the call that was finished as number `count`. Whatever number the helper wrote. */
  finishedSlot(count: number): number {
    const { finished, slotCount } = this.layout;
    return (this.#words[(finished >> 2) + (count % slotCount)] ?? 0) >>> 0;
  }

  /** Takes the outcome out of a slot, and the result registers into the frame. */
  load(slot: number): Outcome {
    const { slots, slotBytes, slotRegisters, results, registerBytes } = this.layout;
    const at = slots + slot * slotBytes;
    const start = at + slotRegisters + results;
    this.#copy(start, registerBytes - results, this.#registers + results);
    return this.#outcome(this.#bytes, this.#words, at);
  }

  /** A slot with all that is in it, for `reload`. */
  copyOf(slot: number): Uint8Array<ArrayBuffer> {
    const { slots, slotBytes } = this.layout;
    const at = slots + slot * slotBytes;
    return this.#bytes.slice(at, at + slotBytes);
  }

  /** As `load`, from a copy of the slot. */
  reload(copy: Uint8Array<ArrayBuffer>): Outcome {
    const { slotRegisters, results, registerBytes } = this.layout;
    const found = copy.subarray(slotRegisters + results, slotRegisters + registerBytes);
    this.#bytes.set(found, this.#registers + results);
    return this.#outcome(copy, new Int32Array(copy.buffer), 0);
  }

  #outcome(bytes: Uint8Array, words: Int32Array, at: number): Outcome {
    const { slotBytes, slotRegisters, registerBytes } = this.layout;
    const word = (index: number) => words[(at >> 2) + index] ?? 0;
    const textLength = word(SLOT_TEXT) >>> 0;
    const stack = at + slotRegisters + registerBytes;
    const room = slotBytes - slotRegisters - registerBytes;
    return {
      status: word(SLOT_STATUS) >>> 0,
      errorNumber: word(SLOT_ERROR),
      text:
        textLength === NO_TEXT || textLength > room
          ? undefined
          : bytes.slice(stack, stack + textLength),
    };
  }

  #copy(from: number, bytes: number, to: number): void {
    this.#bytes.copyWithin(to, from, from + bytes);
  }

  /** How many calls of callbacks the helper has asked for without waiting, modulo 2^32. */
  get queued(): number {
    return Atomics.load(this.#words, this.#helper + HELPER_QUEUED) >>> 0;
  }

  /** The callback that is to be run. */
  callbackId(place: CallbackPlace): number {
    return (this.#words[(this.layout[place] >> 2) + CALLBACK_ID] ?? 0) >>> 0;
  }

  /** Its registers: a part of the memory itself. */
  callbackRegisters(place: CallbackPlace, bytes: number): Uint8Array {
    const start = this.layout[place] + this.layout.callbackRegisters;
    return this.#bytes.subarray(start, start + bytes);
  }

  answerCallback(place: CallbackPlace, hasResult: boolean): void {
    const at = this.layout[place] >> 2;
    this.#words[at + CALLBACK_HAS_RESULT] = hasResult ? 1 : 0;
    Atomics.store(this.#words, at + CALLBACK_ANSWERED, 1);
  }
}
