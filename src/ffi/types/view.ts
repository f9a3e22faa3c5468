import { MemoryHolder } from "../memory/memory-holder.js";
import type { CType } from "./ctype.js";

/** The type that a view shows; a symbol, so that no field's name is taken. */
export const TYPE: unique symbol = Symbol("type");
/**
 * The bytes of a view, for comparisons: `assert.deepStrictEqual` and `toEqual` of test runners
 * look at properties of an object's own only, and take any two objects without some for equal.
 * Accessors do not read it, and `Object.assign` from one view to another changes no memory.
 */
const BYTES: unique symbol = Symbol("bytes");
/** What `console.log` shows of an object: `util.inspect.custom`. */
export const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** Accessors over memory that holds a value of some type. */
export class View extends MemoryHolder {
  readonly #data: DataView;
  readonly #parts: unknown[] = [];
  readonly [BYTES]: Uint8Array;
  declare readonly [TYPE]: CType;

  constructor(data: DataView) {
    super(data);
    this.#data = data;
    this[BYTES] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }

  /** The memory of a view. */
  static dataOf(view: View): DataView {
    return view.#data;
  }

  /** Views of the parts that were asked for already. */
  static partsOf(view: View): unknown[] {
    return view.#parts;
  }
}

export const { dataOf, partsOf } = View;

/** Whether an object is a view of exactly this type. The symbol is not to be had elsewhere. */
export function isViewOf(value: object, type: CType): value is View {
  return (value as View)[TYPE] === type;
}
