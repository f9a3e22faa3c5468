import {
  ArgumentError,
  argumentLabel,
  CallArgumentError,
  describeValue,
  detachedMessage,
  withArticle,
} from "../../errors/index.js";
import { isDetachedView } from "../../internal/detached.js";
import { longIsWide } from "../types/types.js";
import type { FunctionSource } from "./foreign-function.js";
import type { Argument, ScalarResult, SlotType } from "./marshaller.js";

/** A kind of typed array, and what its elements mean to native code. */
interface ElementKind {
  readonly bytes: number;
  readonly isSigned: boolean;
  readonly arrays: readonly (new (length: number) => ArrayBufferView)[];
}

const kind = (bytes: number, isSigned: boolean, ...arrays: ElementKind["arrays"]): ElementKind => ({
  bytes,
  isSigned,
  arrays,
});

const BIG_SIGNED = kind(8, true, BigInt64Array);
const BIG_UNSIGNED = kind(8, false, BigUint64Array);

/** Which typed arrays are columns of a type. The first one is made for results. */
const ELEMENTS = {
  bool: kind(1, false, Uint8Array),
  flag: kind(1, false, Uint8Array),
  int8: kind(1, true, Int8Array),
  uint8: kind(1, false, Uint8Array, Uint8ClampedArray),
  int16: kind(2, true, Int16Array),
  uint16: kind(2, false, Uint16Array),
  int32: kind(4, true, Int32Array),
  uint32: kind(4, false, Uint32Array),
  int64: BIG_SIGNED,
  uint64: BIG_UNSIGNED,
  long: longIsWide ? BIG_SIGNED : kind(4, true, Int32Array),
  ulong: longIsWide ? BIG_UNSIGNED : kind(4, false, Uint32Array),
  size: BIG_UNSIGNED,
  float32: kind(4, false, Float32Array),
  float64: kind(8, false, Float64Array),
  pointer: BIG_UNSIGNED,
} as const satisfies Record<SlotType | "pointer", ElementKind>;

/** A column that varies from call to call: numbers as `mapCalls` takes them. */
export interface Column {
  readonly view: ArrayBufferView;
  readonly count: number;
  /** Groups of six, without the index of the view. */
  readonly parts: readonly ColumnPart[];
}

export interface ColumnPart {
  readonly offset: number;
  readonly width: number;
  readonly bytes: number;
  readonly isSigned: boolean;
  readonly from: number;
}

/** The function, as refusals name it. */
type MapSource = Pick<FunctionSource, "name" | "signature">;

/** The column that a value is for an argument; undefined for a constant. */
export function columnOf(
  argument: Argument,
  source: MapSource,
  value: unknown,
): Column | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  if (isDetachedView(value)) {
    throw mapError(source.name, detachedMessage(columnLabel(source, argument.index)));
  }
  if (argument.how === "value") return aggregateColumn(argument, source, value);
  const isPointer = argument.how !== "scalar";
  const element: ElementKind = ELEMENTS[isPointer ? "pointer" : argument.type];
  if (!element.arrays.some((type) => value instanceof type)) {
    if (isPointer) return undefined;
    const names = element.arrays.map(({ name }) => withArticle(name)).join(" or ");
    const label = columnLabel(source, argument.index);
    throw mapError(
      source.name,
      `${label} must be ${names} or a constant, got ${describeValue(value)}`,
    );
  }
  if (argument.how === "scalar" && argument.type === "bool") {
    requireFlags(source, argument.index, value);
  }
  const { bytes, isSigned } = element;
  const width = isPointer ? bytes : argument.width;
  const part = { offset: argument.offset, width, bytes, isSigned, from: 0 };
  return { view: value, count: value.byteLength / bytes, parts: [part] };
}

/** C's bool has no other values than these two. */
function requireFlags(source: MapSource, index: number, view: ArrayBufferView): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const at = bytes.findIndex((byte) => byte > 1);
  if (at < 0) return;
  const label = columnLabel(source, index);
  throw mapError(source.name, `${label}[${at}] must be 0 or 1 for a bool, got ${bytes[at]}`);
}

/** The bytes of structs, one after the other. */
function aggregateColumn(
  { index, placement }: Extract<Argument, { how: "value" }>,
  source: MapSource,
  view: ArrayBufferView,
): Column {
  const size = source.signature.parameters[index]?.type.size ?? 0;
  const label = columnLabel(source, index);
  if (placement.byReference) {
    throw mapError(
      source.name,
      `${label} cannot be a column here: C takes this struct by reference`,
    );
  }
  if (size === 0 || view.byteLength % size !== 0) {
    throw mapError(
      source.name,
      `${label} must hold whole values of ${size} bytes, got ${describeValue(view)}`,
    );
  }
  const parts = placement.pieces.map(({ from, size: width, offset }) => ({
    offset,
    width,
    bytes: size,
    isSigned: false,
    from,
  }));
  return { view, count: view.byteLength / size, parts };
}

/** The argument that a column is for, in a message. */
export function columnLabel({ signature }: MapSource, index: number): string {
  return argumentLabel(index, signature.parameters[index]?.name);
}

/** A refused vector call of the function. */
export function mapError(name: string, problem: string): CallArgumentError {
  return new CallArgumentError(`${name}.map`, problem);
}

/** Where results go: the caller's array, a new one, or nowhere. */
export interface OutColumn {
  readonly view: ArrayBufferView | undefined;
  readonly bytes: number;
}

export function outColumn(
  name: string,
  result: ScalarResult,
  out: unknown,
  count: number | undefined,
): OutColumn & { readonly count: number } {
  const { type } = result;
  if (type === "void" || out === null) {
    if (out !== undefined && out !== null) {
      throw new ArgumentError(`out of ${name}.map must be left out: the function returns nothing`);
    }
    return { view: undefined, bytes: 0, count: count ?? 0 };
  }
  const element: ElementKind | undefined = Object.hasOwn(ELEMENTS, type)
    ? ELEMENTS[type as keyof typeof ELEMENTS]
    : undefined;
  const [array] = element?.arrays ?? [];
  if (element === undefined || array === undefined) {
    throw new ArgumentError(`${name}.map gives numbers; declare the result as a pointer`);
  }
  if (out === undefined)
    return { view: new array(count ?? 0), bytes: element.bytes, count: count ?? 0 };
  if (ArrayBuffer.isView(out) && isDetachedView(out)) throw mapError(name, detachedMessage("out"));
  if (!ArrayBuffer.isView(out) || !element.arrays.some((type) => out instanceof type)) {
    throw mapError(name, `out must be ${withArticle(array.name)}, got ${describeValue(out)}`);
  }
  const length = out.byteLength / element.bytes;
  if (count !== undefined && length !== count) {
    throw mapError(name, `out must have ${count} elements, got ${length}`);
  }
  return { view: out, bytes: element.bytes, count: length };
}
