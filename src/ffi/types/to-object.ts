import { isTypedArray } from "node:util/types";
import { ArgumentError, describeValue } from "../../errors/index.js";
import type { AggregateType, CType } from "./ctype.js";
import { TYPE, View } from "./view.js";

/**
 * What a view shows as plain objects and arrays. Members of unions are all given, except those that
 * hold text: their address is one only if that member was written.
 */
export function toObject(view: object): unknown {
  if (!(view instanceof View)) throw notAView(view);
  const type = view[TYPE];
  if (isElements(view)) return Array.from(view, plain);
  if (type.kind !== "struct" && type.kind !== "union") throw notAView(view);
  const object: Record<string, unknown> = {};
  addFields(object, view as unknown as Record<string, unknown>, type, false);
  return object;
}

/**
 * What `JSON.stringify` takes for a view: `toObject`, with lists in the place of typed arrays, which
 * it would show as objects of numbered properties. It refuses bigints, as always.
 */
export function toJSON(view: View): unknown {
  return listed(toObject(view));
}

function listed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(listed);
  if (isTypedArray(value)) return Array.from(value as ArrayLike<unknown>);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, listed(part)]));
}

/** Whether a value that was read is accessors rather than a plain object. */
export function isView(value: unknown): value is View {
  return value instanceof View;
}

function isElements(view: View): view is View & Iterable<unknown> {
  return view[TYPE].kind === "array";
}

function addFields(
  object: Record<string, unknown>,
  view: Readonly<Record<string, unknown>>,
  type: AggregateType,
  isInUnion: boolean,
): void {
  const isGuess = isInUnion || type.kind === "union";
  for (const field of type.fields) {
    const { name, type: inner } = field;
    if (name !== undefined) {
      if (!(isGuess && holdsText(inner))) object[name] = plain(view[name]);
    } else if (inner.kind === "struct" || inner.kind === "union") {
      addFields(object, view, inner, isGuess);
    }
  }
}

function holdsText(type: CType): boolean {
  if (type.kind === "array") return holdsText(type.element);
  if (type.kind === "struct" || type.kind === "union") {
    return type.fields.some((field) => holdsText(field.type));
  }
  return type.kind === "scalar" && /text/i.test(type.value);
}

function plain(value: unknown): unknown {
  return value instanceof View ? toObject(value) : value;
}

function notAView(value: unknown): ArgumentError {
  return new ArgumentError(
    `view must be one of a struct, a union or an array, got ${describeValue(value)}`,
    "ERR_INVALID_ARG_TYPE",
  );
}
