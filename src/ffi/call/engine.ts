import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import { loadNative } from "../../internal/loader.js";
import { type Crossing, chooseCrossing } from "./crossing.js";
import { createFrame, type Frame } from "./frame.js";

/** What every call of this environment shares: the binary, the frame, and slow-path helpers. */
export interface Engine {
  readonly binding: NativeBinding;
  readonly frame: Frame;
  readonly crossing: Crossing;
  /** The text at an address; null for the null pointer. */
  readText(address: bigint): string | null;
  /** A `size_t` from its halves; throws when a number cannot hold it. */
  readSize(low: number, high: number): number;
  /** A view of an ArrayBuffer or SharedArrayBuffer; undefined for anything else, or if detached. */
  viewOf(value: unknown): Uint8Array | undefined;
  /** The address of a view's memory; undefined if it is detached. */
  addressOf(view: ArrayBufferView): bigint | undefined;
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
  return {
    binding,
    frame: createFrame(binding),
    crossing: chooseCrossing(binding),
    readText: (address) => (address === 0n ? null : binding.readString(address)),
    readSize,
    viewOf,
    addressOf(view) {
      try {
        return binding.addressOf(view);
      } catch {
        return undefined;
      }
    },
  };
}

function readSize(low: number, high: number): number {
  const size = high * 0x1_0000_0000 + low;
  if (Number.isSafeInteger(size)) return size;
  const exact = (BigInt(high) << 32n) | BigInt(low);
  throw new RangeError(
    `the result ${exact}n of type size_t is not a safe integer; declare it uint64_t for a bigint`,
  );
}

function viewOf(value: unknown): Uint8Array | undefined {
  if (!(value instanceof ArrayBuffer) && !(value instanceof SharedArrayBuffer)) return undefined;
  try {
    return new Uint8Array(value);
  } catch {
    return undefined; // Detached; or an object that only inherits from ArrayBuffer.
  }
}
