let freed: Uint8Array | undefined;

/**
 * Memory that a holder stands for after it was freed: calls refuse a detached view. Made when it is
 * first asked for: until some buffer of the process is detached, V8 leaves out the checks of that
 * wherever a typed array is used.
 */
function freedView(): Uint8Array {
  if (freed !== undefined) return freed;
  const buffer = new ArrayBuffer(1);
  freed = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return freed;
}

/**
 * Whatever stands for memory besides JavaScript's own buffers: pointers, allocations, views of
 * structs and arrays. Told by a private field, so that neither a prototype nor a proxy can pretend
 * to be one, and looking runs nobody's code.
 */
export abstract class MemoryHolder {
  readonly #memory: ArrayBufferView | bigint;
  readonly #owner: MemoryHolder | undefined;
  #isFreed = false;

  /**
   * A view is in bounds and keeps its buffer alive; an address is neither checked nor kept, except
   * through an `owner` that is freed with it.
   */
  protected constructor(memory: ArrayBufferView | bigint, owner?: MemoryHolder) {
    this.#memory = memory;
    this.#owner = owner && (owner.#owner ?? owner);
  }

  /** From here on what the holder stands for is refused. */
  protected markFreed(): void {
    this.#isFreed = true;
  }

  protected get isMarkedFreed(): boolean {
    return this.#isFreed;
  }

  /** The memory behind a value; undefined if it is no MemoryHolder. */
  static memoryOf(value: unknown): ArrayBufferView | bigint | undefined {
    if (typeof value !== "object" || value === null || !(#memory in value)) return undefined;
    const responsible = value.#owner ?? value;
    return responsible.#isFreed ? freedView() : value.#memory;
  }
}

/**
 * The memory behind a Pointer, an Allocation or a struct's or array's view, for whoever passes it
 * to C: a view, detached once it was freed, or a bare address. Undefined for everything else.
 */
export const pointerMemory: (value: unknown) => ArrayBufferView | bigint | undefined =
  MemoryHolder.memoryOf;
