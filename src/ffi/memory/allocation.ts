import { requireInteger } from "../../internal/options.js";
import { codecOf, viewOn } from "../types/codec.js";
import { array } from "../types/constructors.js";
import type { Codec, CType } from "../types/ctype.js";
import type { OneView, ValueOf, WritableOf } from "../types/static-types.js";
import type { TypeSpec } from "../types/type-names.js";
import { viewContext } from "../types/view-context.js";
import { detach, freedMemory } from "./liveness.js";
import { MemoryHolder } from "./memory-holder.js";
import type { PlainBytes } from "./plain-bytes.js";
import { Pointer } from "./pointer.js";

/** What an allocation is made of; its memory is all of `bytes`. */
export interface AllocationParts {
  readonly type: CType;
  readonly length: number;
  readonly bytes: PlainBytes;
  /** Whether the view is one of elements rather than of a single value. */
  readonly isList: boolean;
}

/**
 * Memory for one value of a type or more, in an ArrayBuffer of its own. V8 never moves the memory
 * of a buffer, so its address holds until it is freed: by `free`, by `using`, or by the collector
 * when neither this object, nor a view, nor a pointer of it is left.
 */
export class Allocation<T extends TypeSpec = TypeSpec, V = OneView<T>> extends MemoryHolder {
  /** How many values there are. */
  readonly length: number;
  /** Bytes of all values. */
  readonly size: number;
  readonly #type: CType;
  readonly #bytes: PlainBytes;
  readonly #codec: Codec;
  readonly #isList: boolean;
  #data: DataView | undefined;
  #view: object | undefined;

  constructor({ type, length, bytes, isList }: AllocationParts) {
    super(bytes);
    this.length = length;
    this.size = bytes.byteLength;
    this.#type = type;
    this.#bytes = bytes;
    this.#codec = codecOf(type);
    this.#isList = isList;
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The bytes themselves. */
  get bytes(): PlainBytes {
    this.#live();
    return this.#bytes;
  }

  /** The buffer around the bytes, which is larger where they had to be aligned in it. */
  get buffer(): ArrayBuffer {
    return this.bytes.buffer;
  }

  /** The first value. Strings and buffers written to pointers in it live as long as it does. */
  get value(): ValueOf<T> {
    return this.at(0);
  }

  set value(value: WritableOf<T>) {
    this.set(0, value);
  }

  /** The value at an index. */
  at(index: number): ValueOf<T> {
    const data = this.#live();
    return this.#codec.read(data, this.#offsetOf(index)) as ValueOf<T>;
  }

  /** Checks a value and writes it at an index. */
  set(index: number, value: WritableOf<T>): void {
    const data = this.#live();
    const at = this.#offsetOf(index);
    this.#codec.write(data, at, value, viewContext(this.#type, data, at));
  }

  /** Accessors over the memory: of one struct its fields; of scalars, or with a count, elements. */
  get view(): V {
    const data = this.#live();
    this.#view ??= viewOn(this.#viewedType(), data);
    return this.#view as V;
  }

  /** What to pass for a pointer; the allocation itself may be passed too. */
  get pointer(): Pointer {
    this.#live();
    return new Pointer(this.#bytes, this);
  }

  get isFreed(): boolean {
    return this.#data === undefined;
  }

  /**
   * Gives the memory back. Every view and pointer of it is dead from here on: they have no bytes,
   * and calls refuse them. Freeing again does nothing.
   */
  free(): void {
    if (this.#data === undefined) return;
    this.#data = undefined;
    this.markFreed();
    detach(this.#bytes.buffer);
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /**
   * The memory; throws `ERR_FFI_FREED_MEMORY` once it is gone, also if it was detached elsewhere.
   */
  #live(): DataView {
    if (this.#data === undefined || this.#bytes.byteLength !== this.size) throw freedMemory();
    return this.#data;
  }

  #offsetOf(index: number): number {
    requireInteger(index, "index", 0, this.length - 1);
    return index * this.#type.size;
  }

  #viewedType(): CType {
    const { kind } = this.#type;
    const hasView = kind === "struct" || kind === "union" || kind === "array";
    return hasView && !this.#isList ? this.#type : array(this.#type, this.length);
  }
}
