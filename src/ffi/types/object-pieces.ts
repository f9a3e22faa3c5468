import { inheritTexts } from "../call/text-source.js";
import { isCharacter, writeWhole } from "./array-values.js";
import { copyBytes } from "./copy-bytes.js";
import type { AggregateType, ArrayType, CType, Field, WriteContext } from "./ctype.js";
import { expectedOf, fieldNames, refuseField, refuseValue } from "./expected.js";
import type { Piece, Workshop } from "./piece.js";
import { isFlexible } from "./type-object.js";
import { dataOf, isViewOf } from "./view.js";

/*
 * Structs, unions and arrays by closures. Unions and structs with anonymous unions are always done
 * this way; the rest has a generated twin.
 */

/** Writes the fields that an object has for an aggregate or for an anonymous member of it. */
type FieldsWriter = (
  memory: DataView,
  at: number,
  value: object,
  context: WriteContext,
  path: string,
) => void;

/**
 * Whether values of the type are read as a view over a copy of their bytes: which member of a union
 * is meant only the caller knows, and to read another may be to follow an address that is none.
 */
export function isReadAsView(type: CType): boolean {
  if (type.kind === "union") return true;
  if (type.kind !== "struct") return false;
  return type.fields.some((field) => field.name === undefined && isReadAsView(field.type));
}

export function aggregatePiece(type: AggregateType, workshop: Workshop): Piece {
  const writeFields = fieldsWriter(type, type, workshop);
  return {
    read: isReadAsView(type) ? copyReader(type, workshop) : structReader(type, workshop),
    write(memory, at, value, context, path) {
      if (typeof value !== "object" || value === null) refuseValue(context, path, type, value);
      if (isViewOf(value, type)) copyBytes(dataOf(value), 0, memory, at, type.size);
      else writeFields(memory, at, value, context, path);
    },
  };
}

/** The piece of a field, the value of a bit-field included. */
export function fieldPiece(field: Field, workshop: Workshop): Piece {
  return workshop.pieceOf(field.type, field.bits);
}

function copyReader(type: AggregateType, workshop: Workshop): Piece["read"] {
  return (memory, at) => {
    const copy = new DataView(new ArrayBuffer(type.size));
    copyBytes(memory, at, copy, 0, type.size);
    inheritTexts(copy.buffer, memory, at);
    return workshop.viewOn(type, copy);
  };
}

function structReader(type: AggregateType, workshop: Workshop): Piece["read"] {
  const parts = flatFields(type)
    .filter((field) => !isFlexible(field.type))
    .map((field) => ({ ...field, piece: fieldPiece(field, workshop) }));
  return (memory, at) => {
    const value: Record<string, unknown> = {};
    for (const { name, offset, piece } of parts) value[name] = piece.read(memory, at + offset);
    return value;
  };
}

export interface NamedField extends Field {
  readonly name: string;
}

/** The fields of a type, those of anonymous members in their place. */
export function flatFields(type: AggregateType, base = 0): NamedField[] {
  return type.fields.flatMap((field) => {
    const offset = base + field.offset;
    const { name, type: inner } = field;
    if (name !== undefined) return [{ ...field, name, offset }];
    return inner.kind === "struct" || inner.kind === "union" ? flatFields(inner, offset) : [];
  });
}

/** `whole` is the type with a name that messages are about. */
function fieldsWriter(type: AggregateType, whole: AggregateType, workshop: Workshop): FieldsWriter {
  const write = type.kind === "struct" ? structWriter : unionWriter;
  return write(type, whole, workshop);
}

function structWriter(type: AggregateType, whole: AggregateType, workshop: Workshop): FieldsWriter {
  const writers = type.fields.map((field) => memberWriter(field, whole, workshop));
  return (memory, at, value, context, path) => {
    for (const write of writers) write(memory, at, value, context, path);
  };
}

/** The one member that the object has is written over zeros. */
function unionWriter(type: AggregateType, whole: AggregateType, workshop: Workshop): FieldsWriter {
  const members = type.fields.map((field) => ({
    names: field.name === undefined ? namesOf(field.type) : [field.name],
    write: memberWriter(field, whole, workshop),
  }));
  const { size } = type;
  return (memory, at, value, context, path) => {
    const object = value as Record<string, unknown>;
    const given = members.filter(({ names }) => names.some((name) => object[name] !== undefined));
    const [only] = given;
    if (only === undefined || given.length > 1) {
      const has = given.flatMap(({ names }) => names.filter((name) => object[name] !== undefined));
      refuseMember(context, path, type, value, has);
    }
    new Uint8Array(memory.buffer, memory.byteOffset + at, size).fill(0);
    only.write(memory, at, value, context, path);
  };
}

function refuseMember(
  context: WriteContext,
  path: string,
  type: AggregateType,
  value: object,
  has: readonly string[],
): never {
  const found = has.length === 0 ? "none" : has.join(", ");
  context.refuse(path, `${expectedOf(type, value)} (it has ${found})`, value);
}

function namesOf(type: CType): string[] {
  return type.kind === "struct" || type.kind === "union" ? fieldNames(type) : [];
}

function memberWriter(field: Field, whole: AggregateType, workshop: Workshop): FieldsWriter {
  const { name, type, offset } = field;
  if (name === undefined) {
    if (type.kind !== "struct" && type.kind !== "union") throw new Error("a member without a name");
    const write = fieldsWriter(type, whole, workshop);
    return (memory, at, value, context, path) => write(memory, at + offset, value, context, path);
  }
  if (isFlexible(type)) return flexibleWriter(name);
  const piece = fieldPiece(field, workshop);
  const named = { name, type };
  return (memory, at, object, context, path) => {
    const value = (object as Record<string, unknown>)[name];
    if (value === undefined) refuseField(context, path, whole, object, named, value);
    piece.write(memory, at + offset, value, context, `${path}.${name}`);
  };
}

/** A value cannot say where the memory of its flexible member would be. */
function flexibleWriter(name: string): FieldsWriter {
  return (_memory, _at, object, context, path) => {
    const value = (object as Record<string, unknown>)[name];
    if (value !== undefined) refuseFlexible(context, `${path}.${name}`, value);
  };
}

export function refuseFlexible(context: WriteContext, path: string, value: unknown): never {
  context.refuse(path, "left out: a flexible array is written through its memory", value);
}

export function arrayPiece(type: ArrayType, workshop: Workshop): Piece {
  const element = workshop.pieceOf(type.element);
  const { length = 0 } = type;
  const step = type.element.size;
  return {
    read: isBytes(type) ? bytesReader(type.size) : listReader(element, length, step),
    write(memory, at, value, context, path) {
      if (!Array.isArray(value)) {
        if (!writeWhole(memory, at, type, value, context, path)) {
          refuseValue(context, path, type, value);
        }
        return;
      }
      if (value.length !== length) refuseValue(context, path, type, value);
      for (let index = 0; index < length; index++) {
        element.write(memory, at + index * step, value[index], context, `${path}[${index}]`);
      }
    },
  };
}

/** `uint8_t[N]`, which is read as a Uint8Array. */
export function isBytes(type: ArrayType): boolean {
  const { element } = type;
  return element.kind === "scalar" && element.value === "uint8" && !isCharacter(element);
}

function listReader(element: Piece, length: number, step: number): Piece["read"] {
  return (memory, at) => {
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) list.push(element.read(memory, at + index * step));
    return list;
  };
}

export function bytesReader(size: number): Piece["read"] {
  return (memory, at) => {
    const start = memory.byteOffset + at;
    return new Uint8Array(memory.buffer, start, size).slice();
  };
}
