import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireEngine } from "../call/engine.js";
import { encodeText } from "../call/frame.js";
import type { CType, TextEncodingName, WriteContext } from "./ctype.js";

/**
 * What strings and buffers a buffer's memory points to, by the byte where the pointer was written:
 * they live as long as the buffer, or until another value is written there.
 */
const kept = new WeakMap<ArrayBufferLike, Map<number, unknown[]>>();

/** The context of writes at byte `at` of a view's memory; pointers keep what they point to. */
export function viewContext(type: CType, memory: DataView, at: number): WriteContext {
  const holds: unknown[] = [];
  return {
    refuse: (path, expected, value) => refuseNamed(type, path, expected, value),
    addressOf(value, encoding) {
      const { view, address } = locate(value, encoding);
      if (address === undefined) return undefined;
      if (holds.push(view) === 1) keep(memory, at, holds);
      return address;
    },
  };
}

/** A context for memory that keeps nothing alive: strings and buffers are refused. */
export function bareContext(type: CType): WriteContext {
  return {
    refuse: (path, expected, value) => refuseNamed(type, path, expected, value),
    addressOf: () => undefined,
  };
}

function refuseNamed(type: CType, path: string, expected: string, value: unknown): never {
  const label = path === "" ? `value (${type.name})` : `${type.name}${path}`;
  throw new ArgumentError(`${label} must be ${expected}, got ${describeValue(value)}`);
}

function locate(value: string | ArrayBufferView | ArrayBufferLike, encoding: TextEncodingName) {
  const engine = requireEngine();
  let view: ArrayBufferView | undefined;
  if (typeof value === "string") view = encodeText(value, encoding);
  else view = ArrayBuffer.isView(value) ? value : engine.viewOf(value);
  return { view, address: view && engine.addressOf(view) };
}

function keep(memory: DataView, at: number, holds: unknown[]): void {
  let places = kept.get(memory.buffer);
  if (places === undefined) {
    places = new Map();
    kept.set(memory.buffer, places);
  }
  places.set(memory.byteOffset + at, holds);
}
