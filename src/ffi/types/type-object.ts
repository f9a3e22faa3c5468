import type { CType, PointerType } from "./ctype.js";

/** The largest type, in bytes: what a DataView of every supported runtime can hold. */
export const MAX_TYPE_BYTES = 2 ** 31;

const made = new WeakSet<object>();
let keys = 0;

/**
 * Seals a type. Only sealed types are taken where a type is expected, because sizes and offsets in
 * them decide which memory is read.
 */
export function makeType<T extends CType>(type: T): Readonly<T> {
  made.add(type);
  return Object.freeze(type);
}

/** Whether a value is a type that one of the constructors made. */
export function isType(value: unknown): value is CType {
  return typeof value === "object" && value !== null && made.has(value);
}

/** A key that no other type has. */
export function uniqueKey(prefix: string): string {
  keys += 1;
  return `${prefix}${keys}`;
}

/** What C makes of a parameter's type: an array is a pointer to its element. */
export function decay(type: CType): CType {
  if (type.kind !== "array") return type;
  const { element } = type;
  return makeType<PointerType>({
    kind: "pointer",
    name: `${element.name} *`,
    key: `*inout(${element.key})`,
    size: 8,
    alignment: 8,
    target: () => element,
    direction: "inout",
  });
}
