import { ArgumentError, argumentLabel } from "../errors/index.js";
import type { HashState } from "./backend.js";
import { bytesOf, detachedError, type Input, isDetached } from "./data.js";
import { checked, checkedLater } from "./failure.js";
import { nextTurn, TURN_BYTES } from "./turns.js";

/** Less than this is hashed at once: a thread would take longer to wake. */
export const SMALL_BYTES = 64 * 1024;

/**
 * What a thread hashes at a time, some 15 ms: after each part the signal and the memory are looked
 * at.
 */
const PART_BYTES = 32 * 1024 * 1024;

/** Where `input` comes from, for the wording of errors. */
export interface Origin {
  readonly index: number;
  readonly name: string;
}

/**
 * Feeds `input` to `state` without holding up the event loop: in place and on another thread or,
 * where its memory cannot be kept for that, in short turns on this one.
 *
 * @throws ArgumentError if the memory is detached, or its buffer resized, meanwhile
 */
export async function absorb(
  state: HashState,
  input: Input,
  origin: Origin,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  if (typeof input === "string") return await absorbText(state, input, signal);
  if (isDetached(input)) throw detachedError(origin.index, origin.name);
  const bytes = bytesOf(input);
  const { length } = bytes;
  const bufferLength = bytes.buffer.byteLength;
  for (let position = 0; position < length; ) {
    const rest = length - position;
    const part = rest <= SMALL_BYTES ? undefined : Math.min(rest, PART_BYTES);
    const running =
      part === undefined
        ? undefined
        : state.updateInBackground(bytes.subarray(position, position + part));
    const taken = running === undefined ? Math.min(rest, TURN_BYTES) : (part ?? 0);
    if (running !== undefined) await checkedLater("hash", running);
    else checked("hash", () => state.update(bytes.subarray(position, position + taken)));
    position += taken;
    if (position < length && running === undefined) await nextTurn(signal);
    signal?.throwIfAborted();
    if (bytes.length !== length || bytes.buffer.byteLength !== bufferLength) {
      throw changedError(origin);
    }
  }
}

/** A string has to be encoded; never all of it at once. */
async function absorbText(
  state: HashState,
  text: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let position = 0; position < text.length; ) {
    let end = position + TURN_BYTES;
    // A pair of surrogates is one character.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end++;
    const piece = text.slice(position, end);
    checked("hash", () => state.update(piece));
    position = end;
    if (position < text.length) await nextTurn(signal);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function changedError({ index, name }: Origin): ArgumentError {
  return new ArgumentError(
    `${argumentLabel(index, name)} must not be detached or resized before the promise is settled`,
  );
}
