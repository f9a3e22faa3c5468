import { Block } from "./shared-heap.js";

/**
 * A part of the memory of calls that a frame takes along: FrameRange in native/channel/frames.h.
 */
export interface Range {
  /** Exact: the systems we know give programs 2^47 bytes. */
  readonly address: number;
  readonly bytes: number;
  readonly ways: number;
}

/**
 * Ranges as the binding takes them: what calls hold from `first` on, and others; undefined if none.
 */
export function packRanges(
  held: readonly unknown[],
  first: number,
  others: readonly Range[] = [],
): Float64Array | undefined {
  const numbers: number[] = [];
  const add = ({ address, bytes, ways }: Range) => {
    if (bytes > 0) numbers.push(address, bytes, ways);
  };
  for (const range of others) add(range);
  for (let index = first; index < held.length; index++) {
    const item = held[index];
    if (item instanceof Block) add(item.range);
  }
  return numbers.length > 0 ? Float64Array.from(numbers) : undefined;
}
