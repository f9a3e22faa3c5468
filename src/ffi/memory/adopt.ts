import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireInteger, requireKnownOptions } from "../../internal/options.js";
import { MAX_TYPE_BYTES } from "../types/type-object.js";
import { detach, freedMemory } from "./liveness.js";
import { requireAddress, requireReadable } from "./memory.js";
import { MemoryHolder } from "./memory-holder.js";
import type { PlainBytes } from "./plain-bytes.js";
import { Pointer } from "./pointer.js";

export interface AdoptOptions {
  /** Bytes of memory there, to be looked at; leave it out for a handle. */
  readonly size?: number;
  /** Gives the memory or handle back, once; often a C function itself: `free: lib.free`. */
  readonly free: (address: bigint) => unknown;
}

/** What has to be given back when nobody is left who could. */
interface Unfreed {
  readonly address: bigint;
  readonly free: AdoptOptions["free"];
}

const collected = new FinalizationRegistry<Unfreed>(({ address, free }) => {
  free(address);
});

/**
 * Memory or a handle that C gave away. It goes back through `free` exactly once: by calling that,
 * by `using`, or when the collector finds that neither this object, nor a view, nor a pointer of it
 * is left.
 */
export class Adopted extends MemoryHolder {
  /** Undefined for a handle, of which nobody knows the size. */
  readonly size: number | undefined;
  readonly #unfreed: Unfreed;
  readonly #bytes: PlainBytes | undefined;

  constructor(unfreed: Unfreed, bytes: PlainBytes | undefined) {
    super(bytes ?? unfreed.address);
    this.size = bytes?.byteLength;
    this.#unfreed = unfreed;
    this.#bytes = bytes;
    // The views of memory keep its buffer and not this object.
    collected.register(bytes?.buffer ?? this, unfreed, this);
  }

  /** The bytes themselves. Throws for a handle. */
  get bytes(): PlainBytes {
    this.#requireLive();
    if (this.#bytes !== undefined) return this.#bytes;
    throw new ArgumentError("bytes are there only if adopt was given their size");
  }

  get buffer(): ArrayBuffer {
    return this.bytes.buffer;
  }

  /** What to pass for a pointer; the object itself may be passed too. */
  get pointer(): Pointer {
    this.#requireLive();
    return new Pointer(this.#bytes ?? this.#unfreed.address, this);
  }

  get isFreed(): boolean {
    return this.isMarkedFreed;
  }

  /** Gives it back. Views and pointers of it are dead from here on. Again it does nothing. */
  free(): void {
    if (this.isMarkedFreed) return;
    this.markFreed();
    collected.unregister(this);
    if (this.#bytes !== undefined) detach(this.#bytes.buffer);
    this.#unfreed.free(this.#unfreed.address);
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #requireLive(): void {
    if (this.isMarkedFreed) throw freedMemory();
  }
}

/**
 * Takes ownership of memory or of a handle that a C function returned. Unsafe where the address or
 * the size is not what C says: that is believed.
 */
export function adopt(address: bigint, options: AdoptOptions): Adopted {
  requireAddress(address, "address");
  requireKnownOptions(options, ["size", "free"], "options of adopt");
  const { size, free } = options;
  if (typeof free !== "function") {
    throw new ArgumentError(
      `free must be a function, got ${describeValue(free)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const { binding } = requireReadable(address);
  if (size === undefined) return new Adopted({ address, free }, undefined);
  requireInteger(size, "size", 1, MAX_TYPE_BYTES);
  return new Adopted({ address, free }, new Uint8Array(binding.viewMemory(address, size)));
}
