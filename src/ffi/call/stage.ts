import { isDetachedView } from "../../internal/detached.js";
import { codecOf } from "../types/codec.js";
import type { Codec, CType, Direction, PointerType, WriteContext } from "../types/ctype.js";
import { isView, toObject } from "../types/to-object.js";
import type { Engine } from "./engine.js";
import { encodeText } from "./frame.js";
import type {
  HolderArgument,
  Refusals,
  Staged,
  StagedPointer,
  ValueArgument,
} from "./marshaller.js";

/**
 * Staging: a value that does not fit a slot is written to memory of the call's own first. Scratch
 * space is taken before the value is looked at, so that a getter which makes other calls finds the
 * next free space.
 */

/** Stages a value that is passed by value. */
export function valueStage(engine: Engine, type: CType, index: number): ValueArgument["stage"] {
  const codec = codecOf(type);
  const contextOf = contextCache(engine, index);
  return (value, refusals) => {
    const memory = holdMemory(engine, type.size, type.alignment);
    writeStaged(engine, codec, memory, 0, value, contextOf(refusals));
    return memory;
  };
}

/** Reads a staged value. */
export function readStaged(engine: Engine, codec: Codec, staged: Staged, at = 0): unknown {
  if (typeof staged === "number") return codec.read(engine.frame.view, staged + at);
  return codec.read(viewOf(staged), at);
}

export type Holder = Pick<HolderArgument, "stage" | "unstage" | "takesAnyView">;

/**
 * Stages what a typed pointer points to: an object for a struct, an array for one or more of
 * anything. Addresses and memory are passed as they are, memory after a look at its size.
 */
export function pointerStage(engine: Engine, type: PointerType, index: number): Holder {
  const contextOf = contextCache(engine, index);
  const { direction } = type;
  const lengths = new StagedLengths();
  let target: Target | undefined;
  const resolve = () => {
    target ??= makeTarget(type.target());
    return target;
  };
  return {
    stage(value, refusals) {
      if (value === null || value === undefined) return null;
      if (typeof value === "bigint") {
        return BigInt.asUintN(64, value) === value ? value : refusals.argument(index, value);
      }
      const known = ArrayBuffer.isView(value) ? value : engine.memoryOf(value);
      if (known !== undefined) return checkSize(known, resolve(), index, value, refusals);
      const refuse = () => refusals.argument(index, value);
      if (typeof value === "string") return copyText(engine, resolve(), value, refuse);
      return copyIn(engine, resolve(), direction, value, lengths, contextOf(refusals), refuse);
    },
    unstage:
      direction === "in"
        ? undefined
        : (value, staged) => copyOut(engine, resolve(), value, lengths, staged),
    // Asked when the signature is lowered, by when what it points to is known.
    takesAnyView: isByte(type.target()),
  };
}

/** A type of one byte: pointers to it take strings, and memory of any length. */
function isByte({ kind, size }: CType): boolean {
  return kind === "scalar" && size === 1;
}

/** UTF-8 for `unsigned char *` and the like. */
function copyText(
  engine: Engine,
  { type }: Target,
  text: string,
  refuse: () => never,
): StagedPointer {
  if (!isByte(type) || text.includes("\0")) return refuse();
  const bytes = encodeText(text, "utf8");
  const at = engine.frame.reserve(bytes.byteLength, 1);
  if (at < 0) return bytes;
  engine.frame.u8.set(bytes, at);
  return at;
}

/** What a pointer points to; no codec for a type that has no values, such as `void`. */
interface Target {
  readonly type: CType;
  readonly codec: Codec | undefined;
  readonly isAggregate: boolean;
}

function makeTarget(type: CType): Target {
  const hasValues = type.size > 0;
  return {
    type,
    codec: hasValues ? codecOf(type) : undefined,
    isAggregate: type.kind === "struct" || type.kind === "union",
  };
}

function checkSize(
  memory: ArrayBufferView | bigint,
  { type }: Target,
  index: number,
  value: unknown,
  refusals: Refusals,
): ArrayBufferView | bigint {
  if (typeof memory === "bigint") return memory;
  if (isDetachedView(memory)) return refusals.detached(index);
  // Nothing at all may go with a count of 0.
  if (memory.byteLength >= type.size) return memory;
  if (memory.byteLength === 0) return memory;
  const expected = `memory of at least ${type.size} bytes, for ${type.name}`;
  return refusals.part(index, "", expected, value);
}

function copyIn(
  engine: Engine,
  { type, codec, isAggregate }: Target,
  direction: Direction,
  value: unknown,
  lengths: StagedLengths,
  context: WriteContext,
  refuse: () => never,
): StagedPointer {
  const isList = Array.isArray(value);
  const isOne = isAggregate && typeof value === "object" && !isList;
  if (codec === undefined || !(isList || isOne)) return refuse();
  const items: readonly unknown[] = isList ? value : [value];
  const count = items.length;
  // An empty list has a place of its own, too, which is not the null pointer.
  const memory = holdMemory(engine, type.size * count || 1, type.alignment);
  if (isList && direction !== "in") lengths.set(memory, count);
  if (direction === "out") {
    stagedBytes(engine, memory, type.size * count).fill(0);
    return memory;
  }
  for (let item = 0; item < count; item++) {
    const part = isList ? partOf(context, item) : context;
    writeStaged(engine, codec, memory, item * type.size, items[item], part);
  }
  return memory;
}

/**
 * How many elements a list had when it was staged: callbacks may change it while C runs. Staged
 * values of calls in progress never share a place.
 */
class StagedLengths {
  readonly #inScratch = new Map<number, number>();
  readonly #inMemory = new WeakMap<Uint8Array, number>();

  set(staged: Staged, length: number): void {
    if (typeof staged === "number") this.#inScratch.set(staged, length);
    else this.#inMemory.set(staged, length);
  }

  /** Once: places in scratch memory are many, and are not kept. */
  take(staged: Staged): number {
    if (typeof staged !== "number") return this.#inMemory.get(staged) ?? 0;
    const length = this.#inScratch.get(staged) ?? 0;
    this.#inScratch.delete(staged);
    return length;
  }
}

/** Gives the caller's array or object what C left; a frozen one cannot take anything. */
function copyOut(
  engine: Engine,
  target: Target,
  value: unknown,
  lengths: StagedLengths,
  staged: StagedPointer,
): void {
  const { type, codec, isAggregate } = target;
  const isCopy = typeof staged === "number" || staged instanceof Uint8Array;
  if (codec === undefined || !isCopy || Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    const length = Math.min(value.length, lengths.take(staged));
    const results: unknown[] = [];
    for (let item = 0; item < length; item++) {
      results.push(readStaged(engine, codec, staged, item * type.size));
    }
    for (let item = 0; item < length; item++) value[item] = results[item];
  } else if (isAggregate && !ArrayBuffer.isView(value) && engine.memoryOf(value) === undefined) {
    const left = readStaged(engine, codec, staged);
    // A union is read as a view, whose accessors are not its own properties.
    Object.assign(value as object, isView(left) ? toObject(left) : left);
  }
}

/** As `takeMemory`, for a value of which C gets the address. */
export function holdMemory(engine: Engine, size: number, alignment: number): Staged {
  const at = engine.frame.reserve(size, alignment);
  return at >= 0 ? at : engine.holdMemory(size, alignment);
}

/** Scratch space, or memory of its own where there is not enough of it. */
export function takeMemory(engine: Engine, size: number, alignment: number): Staged {
  const at = engine.frame.reserve(size, alignment);
  return at >= 0 ? at : engine.takeMemory(size, alignment);
}

function writeStaged(
  engine: Engine,
  codec: Codec,
  memory: Staged,
  at: number,
  value: unknown,
  context: WriteContext,
): void {
  if (typeof memory === "number") codec.write(engine.frame.view, memory + at, value, context);
  else codec.write(viewOf(memory), at, value, context);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The bytes of a staged value. */
export function stagedBytes(engine: Engine, memory: Staged, size: number): Uint8Array {
  return typeof memory === "number" ? engine.frame.u8.subarray(memory, memory + size) : memory;
}

/** One context for each function: they differ in the errors they word. */
function contextCache(engine: Engine, index: number): (refusals: Refusals) => WriteContext {
  let last: Refusals | undefined;
  let context: WriteContext | undefined;
  return (refusals) => {
    if (context !== undefined && last === refusals) return context;
    last = refusals;
    context = {
      refuse: (path, expected, value) => refusals.part(index, path, expected, value),
      addressOf: (value, encoding) => holdAddress(engine, value, encoding),
    };
    return context;
  };
}

function partOf(context: WriteContext, item: number): WriteContext {
  return {
    refuse: (path, expected, value) => context.refuse(`[${item}]${path}`, expected, value),
    addressOf: context.addressOf,
  };
}

/** The address of memory that a staged value points to; the call holds it. */
function holdAddress(
  engine: Engine,
  value: Parameters<WriteContext["addressOf"]>[0],
  encoding: Parameters<WriteContext["addressOf"]>[1],
): bigint | undefined {
  const { held } = engine.frame.scratch;
  const memory =
    typeof value === "string"
      ? encodeText(value, encoding)
      : ArrayBuffer.isView(value)
        ? value
        : engine.viewOf(value);
  if (memory === undefined) return undefined;
  held.push(memory);
  return engine.addressOf(memory);
}
