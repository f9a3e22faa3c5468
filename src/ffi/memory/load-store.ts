import { ArgumentError, describeValue } from "../../errors/index.js";
import type { Engine } from "../call/engine.js";
import { codecOf, viewOn } from "../types/codec.js";
import type { CType } from "../types/ctype.js";
import type { ValueOf, ViewOf, WritableOf } from "../types/static-types.js";
import { resolveComplete, type TypeSpec } from "../types/type-names.js";
import { bareContext, viewContext } from "../types/view-context.js";
import { requireAttached } from "./liveness.js";
import { requireAddress, requireReadable } from "./memory.js";
import { type MemoryHolder, pointerMemory } from "./memory-holder.js";

/**
 * Reads a value of a type at a pointer or, unsafely, at an address. A pointer that knows its size
 * is read within it.
 */
export function load<const T extends TypeSpec>(
  pointer: bigint | MemoryHolder,
  type: T,
): ValueOf<T> {
  const known = resolveComplete(type, "type");
  const memory = memoryAt(pointer, known);
  if (typeof memory === "bigint") return loadAt(engineAt(memory), memory, known) as ValueOf<T>;
  return codecOf(known).read(memory, 0) as ValueOf<T>;
}

/**
 * Writes a value of a type at a pointer or, unsafely, at an address. Strings in it are kept alive
 * by what a pointer's owner has; at an address nothing would keep them, and they are refused.
 */
export function store<const T extends TypeSpec>(
  pointer: bigint | MemoryHolder,
  type: T,
  value: WritableOf<T>,
): void {
  const known = resolveComplete(type, "type");
  const memory = memoryAt(pointer, known);
  if (typeof memory === "bigint") storeAt(engineAt(memory), memory, known, value);
  else codecOf(known).write(memory, 0, value, viewContext(known, memory, 0));
}

/** Reads a value at an address of an engine's process. */
export function loadAt(engine: Engine, address: bigint, type: CType): unknown {
  return codecOf(type).read(copyOf(engine, address, type), 0);
}

/** Writes a value there. Padding and the bits beside bit-fields keep what they had. */
export function storeAt(engine: Engine, address: bigint, type: CType, value: unknown): void {
  const data = copyOf(engine, address, type);
  codecOf(type).write(data, 0, value, bareContext(type));
  if (type.size > 0) engine.binding.copyTo(address, data);
}

/**
 * Accessors over memory at a pointer or an address. Unsafe at an address: the memory must outlive
 * the view. Throws where the runtime has no external buffers (Electron).
 */
export function viewAt<const T extends TypeSpec>(
  type: T,
  pointer: bigint | MemoryHolder,
): ViewOf<T> {
  const known = resolveComplete(type, "type");
  const memory = memoryAt(pointer, known);
  if (typeof memory !== "bigint") return viewOn(known, memory) as ViewOf<T>;
  const buffer = requireReadable(memory).binding.viewMemory(memory, known.size);
  return viewOn(known, new DataView(buffer)) as ViewOf<T>;
}

/** The memory that a value of the type has at a pointer: in bounds, or an address. */
function memoryAt(pointer: unknown, type: CType): DataView | bigint {
  const memory = pointerMemory(pointer) ?? pointer;
  if (!ArrayBuffer.isView(memory)) {
    requireAddress(memory, "pointer");
    return memory;
  }
  requireAttached(memory);
  if (memory.byteLength < type.size) {
    throw new ArgumentError(
      `pointer must have at least ${type.size} bytes left for ${type.name}, got ` +
        describeValue(memory),
    );
  }
  return new DataView(memory.buffer, memory.byteOffset, type.size);
}

function engineAt(address: bigint): Engine {
  return requireReadable(address);
}

function copyOf(engine: Engine, address: bigint, type: CType): DataView {
  const { buffer, byteOffset } = engine.takeMemory(type.size, type.alignment);
  const data = new DataView(buffer, byteOffset, type.size);
  if (type.size > 0) engine.binding.copyFrom(address, data);
  return data;
}
