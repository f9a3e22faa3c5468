import { ArgumentError } from "../../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../../internal/options.js";
import { requireEngine } from "../call/engine.js";
import { requireAlignment } from "../types/aggregate.js";
import type { CType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import type { ManyView } from "../types/static-types.js";
import { resolveComplete, type TypeSpec } from "../types/type-names.js";
import { MAX_TYPE_BYTES } from "../types/type-object.js";
import { endsFlexibly } from "../types/views.js";
import { Allocation } from "./allocation.js";
import type { PlainBytes } from "./plain-bytes.js";

export interface AllocOptions {
  /**
   * How many values; of a struct with a flexible last member, how many elements that has (there is
   * one struct then). Default: 1.
   */
  readonly count?: number;
  /** Zeros before the first use; without, the memory holds anything. Default: true. */
  readonly zero?: boolean;
  /** The address is a multiple of it: a power of two up to 65536. Default: the type's alignment. */
  readonly alignment?: number;
}

/** What V8's allocator aligns every buffer to on the 64-bit systems we support, in bytes. */
const BUFFER_ALIGNMENT = 16;

/** Memory for `count` values of a type, or for so many bytes. See Allocation for who frees it. */
export function alloc<const T extends TypeSpec>(
  type: T,
  options: AllocOptions & { readonly count: number },
): Allocation<T, ManyView<T>>;
export function alloc<const T extends TypeSpec>(type: T, options?: AllocOptions): Allocation<T>;
export function alloc(bytes: number, options?: AllocOptions): Allocation<"uint8">;
export function alloc(what: unknown, options: AllocOptions = {}): Allocation {
  const { size, ...measured } = measure(what, options);
  const { zero = true, alignment = measured.type.alignment } = options;
  requireBoolean(zero, "zero");
  requireAlignment(alignment, "alignment");
  return new Allocation({ ...measured, bytes: take(size, alignment, zero) });
}

interface Measured {
  readonly type: CType;
  readonly length: number;
  readonly size: number;
  readonly isList: boolean;
}

function measure(what: unknown, options: AllocOptions): Measured {
  requireKnownOptions(options, ["count", "zero", "alignment"], "options of alloc");
  const { count = 1 } = options;
  if (typeof what === "number") {
    requireInteger(what, "bytes", 1, MAX_TYPE_BYTES);
    if (count !== 1) throw new ArgumentError(`count is for types; bytes are ${what} already`);
    return { type: scalarType("uint8"), length: what, size: what, isList: true };
  }
  const type = resolveComplete(what, "type");
  const last = type.kind === "struct" ? type.fields.at(-1)?.type : undefined;
  const isFlexible = last?.kind === "array" && endsFlexibly(type);
  const step = isFlexible ? last.element.size : type.size;
  const fixed = isFlexible ? type.size : 0;
  const most = Math.floor((MAX_TYPE_BYTES - fixed) / Math.max(step, 1));
  requireInteger(count, "count", isFlexible ? 0 : 1, most);
  const isList = options.count !== undefined && !isFlexible;
  const size = Math.max(fixed + step * count, 1);
  return { type, length: isFlexible ? 1 : count, size, isList };
}

function take(size: number, alignment: number, zero: boolean): PlainBytes {
  if (alignment <= BUFFER_ALIGNMENT) return newBytes(size, zero);
  const room = newBytes(size + alignment, zero);
  const address = requireEngine().binding.addressOf(room);
  const past = Number(address % BigInt(alignment));
  const start = past === 0 ? 0 : alignment - past;
  return room.subarray(start, start + size);
}

/** Not from Buffer's pool: the buffer is to be detached alone. */
function newBytes(size: number, zero: boolean): PlainBytes {
  if (zero) return new Uint8Array(new ArrayBuffer(size));
  const { buffer } = Buffer.allocUnsafeSlow(size);
  return new Uint8Array(buffer);
}
