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
  /** Absent where the JSON form is the value itself, which then is the CBOR form too. */
  readonly json?: Translation<T>;
  /** Absent where CBOR holds what JSON does. */
  readonly cbor?: Translation<T>;
  /** What arrives of an accepted value, where that may be another. */
  readonly arrives?: (value: T) => unknown;
}

export interface Translation<T> {
  readonly expected: string;
  readonly write: (value: T) => unknown;
  /** `undefined` refuses. */
  readonly read: (wire: unknown) => T | undefined;
}

export function leafCodec<T>(leaf: Leaf<T>): Codec {
  const { expected, accepts, explain = () => expected, isKind, json, cbor = json, arrives } = leaf;
  const check = (value: unknown): void => {
    if (accepts(value)) return;
    throw new Mismatch(explain(value), value, "", isKind?.(value) ? "value" : "type");
  };
  if (json === undefined || cbor === undefined) {
    const fromWire = (value: unknown): unknown => {
      check(value);
      return value;
    };
    return { expected, isPlain: true, check, toWire: (value) => value, fromWire };
  }
  return {
    expected,
    isPlain: false,
    check,
    toWire: (value, form) => (form === "json" ? json : cbor).write(value as T),
    fromWire: (wire, form) => {
      const { read, expected } = form === "json" ? json : cbor;
      const value = read(wire);
      if (value === undefined) throw new Mismatch(expected, wire);
      return value;
    },
    ...(arrives !== undefined && {
      pass: (value: unknown) => {
        check(value);
        return arrives(value as T);
      },
    }),
  };
}
