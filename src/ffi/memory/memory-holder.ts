/**
 * Whatever stands for memory besides JavaScript's own buffers: pointers, allocations, views of
 * structs and arrays. Told by a private field, so that neither a prototype nor a proxy can pretend
 * to be one, and looking runs nobody's code.
 */
export abstract class MemoryHolder {
  readonly #memory: ArrayBufferView | bigint;

  /** A view is in bounds and keeps its buffer alive; an address is neither checked nor kept. */
  protected constructor(memory: ArrayBufferView | bigint) {
    this.#memory = memory;
  }

  /** The memory behind a value; undefined if it is no MemoryHolder. */
  static memoryOf(value: unknown): ArrayBufferView | bigint | undefined {
    return typeof value === "object" && value !== null && #memory in value
      ? value.#memory
      : undefined;
  }
}

/**
 * The memory behind a Pointer, an Allocation or a struct's or array's view, for whoever passes it to
 * C: a view, detached once it was freed, or a bare address. Undefined for everything else.
 */
export const pointerMemory: (value: unknown) => ArrayBufferView | bigint | undefined =
  MemoryHolder.memoryOf;
