import { requireInteger } from "../../internal/options.js";
import { requireEngine } from "../call/engine.js";
import { freedMemory } from "./liveness.js";
import { MemoryHolder } from "./memory-holder.js";

/**
 * A place in memory that its owner keeps alive: what a parameter or a field of a pointer type
 * takes, without an address in sight. Once the owner is freed, it is refused everywhere.
 */
export class Pointer extends MemoryHolder {
  /** Bytes from here to the end of what the owner has; undefined where nobody knows. */
  readonly size: number | undefined;

  constructor(memory: Uint8Array | bigint, owner: MemoryHolder) {
    super(memory, owner);
    this.size = typeof memory === "bigint" ? undefined : memory.byteLength;
  }

  /** The pointer so many bytes further on; where the size is known, not beyond the end. */
  offset(bytes: number): Pointer {
    requireInteger(bytes, "bytes", 0, this.size ?? Number.MAX_SAFE_INTEGER);
    const memory = MemoryHolder.memoryOf(this);
    if (typeof memory === "bigint") return new Pointer(memory + BigInt(bytes), this);
    const view = memory as Uint8Array;
    return new Pointer(view.subarray(bytes), this);
  }

  /**
   * The address as a number to compute with. Unsafe: it keeps nothing alive and outlives the memory
   * without a sign of it.
   */
  get unsafeAddress(): bigint {
    const memory = MemoryHolder.memoryOf(this);
    if (typeof memory === "bigint") return memory;
    const address = memory && requireEngine().addressOf(memory);
    if (address === undefined) throw freedMemory();
    return address;
  }
}
