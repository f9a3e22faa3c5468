import { MemoryHolder } from "../memory/memory-holder.js";
import type { CType } from "./ctype.js";

/**
 * The memory of a view; accessors read it through this symbol, so that no field's name is taken.
 */
export const DATA: unique symbol = Symbol("data");
/** The type that a view shows. */
export const TYPE: unique symbol = Symbol("type");
/** Views of the parts that were asked for already. */
export const PARTS: unique symbol = Symbol("parts");
/** What `console.log` shows of an object: `util.inspect.custom`. */
export const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** Accessors over memory that holds a value of some type. */
export class View extends MemoryHolder {
  readonly [DATA]: DataView;
  readonly [PARTS]: unknown[] = [];
  declare readonly [TYPE]: CType;

  constructor(data: DataView) {
    super(data);
    this[DATA] = data;
  }
}

/** Whether an object is a view of exactly this type. The symbol is not to be had elsewhere. */
export function isViewOf(value: object, type: CType): value is View {
  return (value as View)[TYPE] === type;
}
