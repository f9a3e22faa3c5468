import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireInteger } from "../../internal/options.js";
import { typedArraysOf } from "./array-values.js";
import type { ArrayType } from "./ctype.js";
import type { Workshop } from "./piece.js";
import { toJSON, toObject } from "./to-object.js";
import { dataOf, INSPECT, partsOf, TYPE, View } from "./view.js";
import { isSeenAsView } from "./view-class.js";
import { viewContext } from "./view-context.js";

const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
} as const;

/**
 * The elements of an array in memory: a typed array where there is one for the element and the
 * memory is aligned for it, else an object with `at`, `set`, `length` and iteration. A flexible
 * array has as many elements as there is memory.
 */
export function seeArray(type: ArrayType, memory: DataView, workshop: Workshop): object {
  const { element } = type;
  const length = type.length ?? Math.floor(memory.byteLength / Math.max(element.size, 1));
  const name = element.kind === "scalar" ? typedArraysOf(element)[0] : undefined;
  if (name !== undefined && memory.byteOffset % element.size === 0) {
    const TypedArray = TYPED_ARRAYS[name as keyof typeof TYPED_ARRAYS];
    return new TypedArray(memory.buffer as ArrayBuffer, memory.byteOffset, length);
  }
  return new ElementsView(type, memory, length, workshop);
}

/** Elements that no typed array can show. */
class ElementsView extends View {
  readonly length: number;
  readonly #workshop: Workshop;

  constructor(type: ArrayType, memory: DataView, length: number, workshop: Workshop) {
    super(memory);
    Object.defineProperty(this, TYPE, { value: type });
    this.length = length;
    this.#workshop = workshop;
  }

  /** The element: of structs, unions and arrays a view. Throws for an index that is not there. */
  at(index: number): unknown {
    const { element } = this.#type;
    const data = dataOf(this);
    const at = this.#offsetOf(index);
    if (!isSeenAsView(element)) return this.#workshop.pieceOf(element).read(data, at);
    const parts = partsOf(this);
    parts[index] ??= this.#workshop.viewOn(
      element,
      new DataView(data.buffer, data.byteOffset + at, element.size),
    );
    return parts[index];
  }

  set(index: number, value: unknown): void {
    const { element } = this.#type;
    const data = dataOf(this);
    const at = this.#offsetOf(index);
    const context = viewContext(this.#type, data, at);
    this.#workshop.pieceOf(element).write(data, at, value, context, `[${index}]`);
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  [INSPECT](): unknown {
    return toObject(this);
  }

  toJSON(): unknown {
    return toJSON(this);
  }

  get #type(): ArrayType {
    return this[TYPE] as ArrayType;
  }

  #offsetOf(index: unknown): number {
    if (this.length === 0) {
      throw new ArgumentError(`an empty array has no element ${describeValue(index)}`);
    }
    requireInteger(index, "index", 0, this.length - 1);
    return index * this.#type.element.size;
  }
}
