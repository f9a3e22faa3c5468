import { isCharacter } from "./array-values.js";
import type { AggregateType, CType } from "./ctype.js";
import { refuseValue } from "./expected.js";
import { flatFields, type NamedField } from "./object-pieces.js";
import type { Workshop } from "./piece.js";
import { readSize } from "./scalar-piece.js";
import { inlinedType, readSource, writeSource } from "./scalar-source.js";
import { toJSON, toObject } from "./to-object.js";
import { isFlexible } from "./type-object.js";
import { dataOf, INSPECT, partsOf, TYPE, View } from "./view.js";
import { bareContext, viewContext } from "./view-context.js";

export type ViewClass = new (data: DataView) => View;

/** Makes the class whose instances have an accessor for each field of a struct or union. */
export function makeViewClass(type: AggregateType, workshop: Workshop): ViewClass {
  const made = class extends View {
    [INSPECT](): unknown {
      return toObject(this);
    }

    toJSON(): unknown {
      return toJSON(this);
    }
  };
  Object.defineProperty(made, "name", { value: type.name });
  Object.defineProperty(made.prototype, TYPE, { value: type });
  flatFields(type).forEach((field, index) => {
    const accessor =
      generateAccessor(type, field, workshop) ?? partAccessor(type, field, index, workshop);
    const attributes = { enumerable: true, configurable: true };
    Object.defineProperty(made.prototype, field.name, { ...accessor, ...attributes });
  });
  return made;
}

/** Whether a part of a view is a view itself: structs, unions and arrays, but text is text. */
export function isSeenAsView(type: CType): boolean {
  if (type.kind === "array") return isFlexible(type) || !isCharacter(type.element);
  return type.kind === "struct" || type.kind === "union";
}

interface Accessor {
  get(this: View): unknown;
  set(this: View, value: unknown): void;
}

/** Scalars have accessors of their own code: shared code would see every type there is. */
function generateAccessor(
  owner: AggregateType,
  { name, type, offset, bits }: NamedField,
  { generates }: Workshop,
): Accessor | undefined {
  const scalar = bits === undefined ? inlinedType(type) : undefined;
  if (scalar === undefined || !generates) return undefined;
  const fail = `refuseValue(context, ${JSON.stringify(`.${name}`)}, type, v)`;
  const source = `"use strict"; return {
get() { const m = dataOf(this); return ${readSource(scalar, String(offset))}; },
set(v) { const m = dataOf(this); ${writeSource(scalar, String(offset), "v", fail)} },
};`;
  const make = new Function("dataOf", "refuseValue", "readSize", "context", "type", source);
  return make(dataOf, refuseValue, readSize, bareContext(owner), type) as Accessor;
}

/** Everything else, by the piece of its type. A view of a part is made once. */
function partAccessor(
  owner: AggregateType,
  { name, type, offset, bits }: NamedField,
  index: number,
  workshop: Workshop,
): Accessor {
  const piece = workshop.pieceOf(type, bits);
  return {
    get() {
      const data = dataOf(this);
      if (!isSeenAsView(type)) return piece.read(data, offset);
      const parts = partsOf(this);
      parts[index] ??= workshop.viewOn(type, partOf(data, offset, type));
      return parts[index];
    },
    set(value) {
      const data = dataOf(this);
      const context = viewContext(owner, data, offset);
      if (isFlexible(type)) context.refuse(`.${name}`, "written element by element", value);
      piece.write(data, offset, value, context, `.${name}`);
    },
  };
}

/** The memory of a part; a flexible array has what is left. */
function partOf(data: DataView, offset: number, type: CType): DataView {
  const size = isFlexible(type) ? data.byteLength - offset : type.size;
  return new DataView(data.buffer, data.byteOffset + offset, size);
}
