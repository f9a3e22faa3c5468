import { isAnyArrayBuffer } from "node:util/types";
import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { isDetachedView } from "../../internal/detached.js";
import { loadNative } from "../../internal/loader.js";
import { pointerMemory } from "../memory/memory-holder.js";
import type { TextEncodingName } from "../types/ctype.js";
import { joinSize } from "../types/size.js";
import type { Callback } from "./callback.js";
import type { CallbackFactory } from "./callback-marshal.js";
import { type Crossing, chooseCrossing } from "./crossing.js";
import { createFrame, type Frame } from "./frame.js";
import { createPieceCopier, type PieceCopier } from "./pieces.js";
import { createTextReader } from "./text-reader.js";

/** What every call of this environment shares: the binary, the frame, and slow-path helpers. */
export interface Engine extends PieceCopier {
  readonly binding: NativeBinding;
  readonly frame: Frame;
  readonly crossing: Crossing;
  /** The text at an address; null for the null pointer. */
  readText(address: bigint, encoding: TextEncodingName): string | null;
  /** A `size_t` from its halves; throws when a number cannot hold it. */
  readSize(low: number, high: number): number;
  /** A view of an ArrayBuffer or SharedArrayBuffer; undefined for anything else, or if detached. */
  viewOf(value: unknown): Uint8Array | undefined;
  /** The memory that a value other than a view stands for; undefined if it stands for none. */
  memoryOf(value: unknown): ArrayBufferView | bigint | undefined;
  /** The address of a view's memory; undefined if it is detached or outside of its buffer. */
  addressOf(view: ArrayBufferView): bigint | undefined;
  /** Gives back what calls hold beyond the first `count`. */
  release(count: number): void;
  /** Memory for a value that only JavaScript reads. */
  takeMemory(size: number, alignment: number): Uint8Array;
  /** Memory of which C gets the address; what keeps it is held until the call ends. */
  holdMemory(size: number, alignment: number): Uint8Array;
  /** The callbacks of this engine. */
  readonly callbacks: CallbackStore;
  /** What a callback threw, for the call that it ended. */
  thrown: { readonly error: unknown } | undefined;
}

/** What an engine keeps of callbacks: code by signature, and idle ones by type. */
export interface CallbackStore {
  readonly factories: Map<string, CallbackFactory>;
  readonly idle: Map<string, Callback[]>;
}

/** Something a call holds that has to be told when the call is over. */
export interface Held {
  release(): void;
}

let engine: Engine | undefined;

/** The engine of this environment. Throws `ERR_NATIVE_UNAVAILABLE`, with the reason, if none. */
export function requireEngine(): Engine {
  if (engine !== undefined) return engine;
  const report = loadNative();
  if (report.binding === undefined) {
    throw new NativeError("ERR_NATIVE_UNAVAILABLE", report.summary);
  }
  engine = createEngine(report.binding);
  return engine;
}

function createEngine(binding: NativeBinding): Engine {
  const frame = createFrame(binding);
  const addressOf = (view: ArrayBufferView) => {
    // Node takes a view outside of its buffer, which has shrunk, for an empty one.
    if (isDetachedView(view)) return undefined;
    try {
      return binding.addressOf(view);
    } catch {
      return undefined;
    }
  };
  const takeMemory = (size: number, alignment: number) => allocate(addressOf, size, alignment);
  return {
    ...engineParts(binding, frame),
    crossing: chooseCrossing(binding),
    readText: createTextReader(binding),
    addressOf,
    takeMemory,
    holdMemory(size, alignment) {
      const memory = takeMemory(size, alignment);
      frame.scratch.held.push(memory);
      return memory;
    },
  };
}

/** What engines have in common, wherever their calls are made. */
export function engineParts(binding: NativeBinding, frame: Frame) {
  return {
    binding,
    frame,
    ...createPieceCopier(binding, frame),
    readSize: joinSize,
    viewOf,
    memoryOf: (value: unknown) => viewOf(value) ?? pointerMemory(value),
    release: (count: number) => releaseHeld(frame.scratch.held.splice(count)),
    callbacks: { factories: new Map(), idle: new Map() },
    thrown: undefined,
  } satisfies Partial<Engine>;
}

/** Buffers are aligned for every scalar there is; more has to be looked for. */
const BUFFER_ALIGNMENT = 16;

function allocate(addressOf: Engine["addressOf"], size: number, alignment: number): Uint8Array {
  if (alignment <= BUFFER_ALIGNMENT) return new Uint8Array(size);
  const room = new Uint8Array(size + alignment);
  const past = Number((addressOf(room) ?? 0n) % BigInt(alignment));
  return room.subarray(past === 0 ? 0 : alignment - past).subarray(0, size);
}

/** Tells what was held that the call is over; memory only had to stay reachable. */
export function releaseHeld(held: readonly unknown[]): void {
  for (const item of held) if (isHeld(item)) item.release();
}

function isHeld(item: unknown): item is Held {
  return typeof item === "object" && item !== null && "release" in item;
}

/** By brand, not by prototype: looking at a prototype can run a proxy's trap. */
function viewOf(value: unknown): Uint8Array | undefined {
  if (!isAnyArrayBuffer(value)) return undefined;
  try {
    return new Uint8Array(value);
  } catch {
    return undefined; // Detached.
  }
}
