import { ArgumentError } from "../../errors/index.js";
import { requireString } from "../../internal/options.js";
import type { CType, Field } from "./ctype.js";
import { resolveComplete, type TypeSpec } from "./type-names.js";

/** Bytes of a value of the type, as C's `sizeof`. */
export function sizeof(type: TypeSpec): number {
  return resolveComplete(type, "type").size;
}

/** Bytes that addresses of values of the type are multiples of, as C's `alignof`. */
export function alignof(type: TypeSpec): number {
  return resolveComplete(type, "type").alignment;
}

/** Bytes from the start of a struct or array to a part of it: `offsetof(Line, "points[1].x")`. */
export function offsetof(type: TypeSpec, path: string): number {
  requireString(path, "path");
  let place: Place = { type: resolveComplete(type, "type"), offset: 0 };
  for (const step of stepsOf(path)) place = follow(place, step, path);
  return place.offset;
}

/** The place of a field; one of an anonymous member counts as the aggregate's own. */
function findField(type: CType, name: string): Field | undefined {
  if (type.kind !== "struct" && type.kind !== "union") return undefined;
  for (const field of type.fields) {
    if (field.name === name) return field;
    if (field.name !== undefined) continue;
    const inner = findField(field.type, name);
    if (inner !== undefined) return { ...inner, offset: field.offset + inner.offset };
  }
  return undefined;
}

interface Place {
  readonly type: CType;
  readonly offset: number;
}

type Step = string | number;

/** `a.b[2].c` as its names and indexes. */
function stepsOf(path: string): Step[] {
  if (!/^(\.?[^.[\]]+|\[\d+\])(\.[^.[\]]+|\[\d+\])*$/.test(path)) {
    throw new ArgumentError(`path must be like a.b[2].c, got ${JSON.stringify(path)}`);
  }
  return Array.from(path.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([word, index]) =>
    index === undefined ? word : Number(index),
  );
}

function follow({ type, offset }: Place, step: Step, path: string): Place {
  if (typeof step === "number") return element(type, offset, step, path);
  const field = findField(type, step);
  if (field === undefined) throw new ArgumentError(`${path}: ${type.name} has no field ${step}`);
  if (field.bits !== undefined) {
    throw new ArgumentError(`${path}: ${step} is a bit-field, which has no offset in bytes`);
  }
  return { type: field.type, offset: offset + field.offset };
}

function element(type: CType, offset: number, index: number, path: string): Place {
  if (type.kind !== "array") throw new ArgumentError(`${path}: ${type.name} is not an array`);
  const most = type.length ?? Number.MAX_SAFE_INTEGER;
  if (index > most) {
    throw new ArgumentError(`${path}: ${type.name} has no element ${index}`);
  }
  return { type: type.element, offset: offset + index * type.element.size };
}
