import { ArgumentError, argumentLabel, argumentMessage, describeValue } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import type { PieceList } from "./backend.js";
import { type Bytes, bytesOf, detachedError, isDetached, toView } from "./data.js";

/**
 * Many inputs in one block of memory: piece `i` goes from `offsets[i]` to `offsets[i + 1]`, or from
 * `i * recordSize` on. A Float64Array of offsets is read in place.
 */
export type Pieces =
  | { readonly data: Bytes; readonly offsets: ArrayLike<number> }
  | { readonly data: Bytes; readonly recordSize: number };

/** The pieces as the backends take them. The offsets themselves are checked as they are used. */
export function toPieceList(pieces: Pieces): PieceList {
  requireKnownOptions(pieces, ["data", "offsets", "recordSize"], argumentLabel(1, "inputs"));
  const view = toView(pieces.data, 1, "inputs.data");
  if (isDetached(view)) throw detachedError(1, "inputs.data");
  const data = bytesOf(view);
  return "offsets" in pieces ? betweenOffsets(data, pieces.offsets) : records(data, pieces);
}

/** A piece; undefined if its offsets are no integers, do not rise, or leave the data. */
export function pieceAt(pieces: PieceList, index: number): Uint8Array | undefined {
  const { data, offsets, recordSize } = pieces;
  if (offsets === undefined) {
    return data.subarray(index * recordSize, (index + 1) * recordSize);
  }
  const [start, end] = [offsets[index] ?? Number.NaN, offsets[index + 1] ?? Number.NaN];
  const isInside = start >= 0 && start <= end && end <= data.length;
  if (!isInside || !Number.isInteger(start) || !Number.isInteger(end)) return undefined;
  return data.subarray(start, end);
}

/** Words the refusal of a piece; `first` is how many pieces came before those of the list. */
export function pieceError(
  { data, offsets }: PieceList,
  index: number,
  first: number,
): ArgumentError {
  const [start, end] = [offsets?.[index], offsets?.[index + 1]];
  const isStartWrong = start === undefined || !Number.isInteger(start) || start < 0;
  const position = isStartWrong ? index : index + 1;
  const least = isStartWrong ? 0 : start;
  return new ArgumentError(
    `${argumentLabel(1, `inputs.offsets[${first + position}]`)} must be an integer from ${least} to ` +
      `${data.length}, got ${describeValue(isStartWrong ? start : end)}`,
  );
}

function betweenOffsets(data: Uint8Array, offsets: unknown): PieceList {
  if (!isNumberList(offsets) || offsets.length < 1) {
    const expected = "an array or typed array of numbers, one more than there are pieces";
    throw new ArgumentError(argumentMessage(1, "inputs.offsets", expected, offsets));
  }
  const numbers = offsets instanceof Float64Array ? offsets : new Float64Array(offsets);
  return { data, offsets: numbers, recordSize: 0, count: numbers.length - 1 };
}

function records(data: Uint8Array, { recordSize }: { recordSize: unknown }): PieceList {
  requireInteger(recordSize, argumentLabel(1, "inputs.recordSize"), 1, Number.MAX_SAFE_INTEGER);
  const count = data.length / recordSize;
  if (Number.isInteger(count)) return { data, offsets: undefined, recordSize, count };
  throw new ArgumentError(
    `${argumentLabel(1, "inputs.data")} must be a multiple of ${recordSize} bytes, got ` +
      `${data.length} bytes`,
  );
}

function isNumberList(value: unknown): value is ArrayLike<number> {
  return (
    Array.isArray(value) ||
    (ArrayBuffer.isView(value) &&
      "length" in value &&
      !(value instanceof BigInt64Array) &&
      !(value instanceof BigUint64Array))
  );
}
