import { isAnyArrayBuffer } from "node:util/types";
import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { loadNative } from "../../internal/loader.js";
import { pointerMemory } from "../memory/memory-holder.js";
import type { TextEncodingName } from "../types/ctype.js";
import { joinSize } from "../types/size.js";
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
  /** The address of a view's memory; undefined if it is detached. */
  addressOf(view: ArrayBufferView): bigint | undefined;
  /** Gives back what calls hold beyond the first `count`. */
  release(count: number): void;
  /** What a callback threw, for the call that it ended. */
  thrown: { readonly error: unknown } | undefined;
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
  return {
    binding,
    frame,
    crossing: chooseCrossing(binding),
    ...createPieceCopier(binding, frame),
    readText: createTextReader(binding),
    readSize: joinSize,
    viewOf,
    memoryOf: (value) => viewOf(value) ?? pointerMemory(value),
    addressOf(view) {
      try {
        return binding.addressOf(view);
      } catch {
        return undefined;
      }
    },
    release: (count) => releaseHeld(frame.scratch.held.splice(count)),
    thrown: undefined,
  };
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
