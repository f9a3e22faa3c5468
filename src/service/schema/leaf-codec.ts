import type { Codec } from "./codec.js";
import { Mismatch } from "./mismatch.js";

/** A value without parts: a test on each side, and a conversion where the forms differ. */
export interface Leaf<T> {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Narrower words for some refused values; `expected` otherwise. */
  readonly explain?: (value: unknown) => string;
  /** The right kind of value, if only its limits refuse it. Default: no value is. */
  readonly isKind?: (value: unknown) => boolean;
  /** Absent where the JSON form is the value itself. */
  readonly json?: {
    readonly expected: string;
    readonly write: (value: T) => unknown;
    /** `undefined` refuses. */
    readonly read: (json: unknown) => T | undefined;
  };
}

export function leafCodec<T>(leaf: Leaf<T>): Codec {
  const { expected, accepts, explain = () => expected, isKind, json } = leaf;
  const check = (value: unknown): void => {
    if (accepts(value)) return;
    throw new Mismatch(explain(value), value, "", isKind?.(value) ? "value" : "type");
  };
  if (json === undefined) {
    const fromJson = (value: unknown): unknown => {
      check(value);
      return value;
    };
    return { expected, isPlain: true, check, toJson: (value) => value, fromJson };
  }
  return {
    expected,
    isPlain: false,
    check,
    toJson: (value) => json.write(value as T),
    fromJson: (value) => {
      const read = json.read(value);
      if (read === undefined) throw new Mismatch(json.expected, value);
      return read;
    },
  };
}
