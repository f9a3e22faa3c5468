import { GuardedStream, type Source } from "../call/index.js";
import { ArgumentError, describeValue } from "../errors/index.js";
import type { CallCodec } from "../service/call-codec.js";

/**
 * The items that a caller streams, on their way out. What its own iterable throws, or an item that
 * does not fit, goes to `onError`, which ends the call.
 */
export function outgoingItems(
  given: unknown,
  label: string,
  convert: (item: unknown, number: number) => unknown,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): AsyncIterableIterator<unknown> {
  const open = openerOf(given, label);
  const items = new GuardedStream({ open, signal: () => signal, read: convert });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      items.next().catch((error: unknown) => {
        onError(error);
        throw error;
      }),
    return: () => items.return(),
  };
}

/** Items in their JSON form. */
export function toJsonItem(codec: CallCodec): (item: unknown, number: number) => unknown {
  return (item, number) => codec.encodeItem(item, number);
}

function openerOf(given: unknown, label: string): () => Source {
  const { [Symbol.asyncIterator]: inTurns, [Symbol.iterator]: atOnce } = Object(given) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  if (typeof inTurns === "function") return () => inTurns.call(given);
  if (typeof atOnce === "function" && typeof given === "object") return () => atOnce.call(given);
  throw new ArgumentError(
    `${label} must be an async iterable or an iterable, got ${describeValue(given)}`,
    "ERR_INVALID_ARG_TYPE",
  );
}
