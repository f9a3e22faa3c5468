import type { CType, PointerType } from "./ctype.js";

/** The largest type, in bytes: what a DataView of every supported runtime can hold. */
export const MAX_TYPE_BYTES = 2 ** 31;

const made = new WeakSet<object>();
let keys = 0;

/**
 * Seals a type. Only sealed types are taken where a type is expected, because sizes and offsets in
 * them decide which memory is read.
 *
 * The name of a type that has a pointer in it is a getter: a type that points to itself is not
 * there yet while its parts are made.
 */
export function makeType<T extends CType>(type: T): Readonly<T> {
  made.add(type);
  return Object.freeze(type);
}

/** The same type but for some of its parts. A name that is put together late stays so. */
export function varyType<T extends CType>(
  type: T,
  changes: Partial<Pick<T, "key" | "alignment">>,
): Readonly<T> {
  const parts = Object.getOwnPropertyDescriptors(type);
  return makeType(
    Object.defineProperties({}, { ...parts, ...Object.getOwnPropertyDescriptors(changes) }) as T,
  );
}

/** Whether a value is a type that one of the constructors made. */
export function isType(value: unknown): value is CType {
  return typeof value === "object" && value !== null && made.has(value);
}

/** Whether it is an array without a length: the flexible last member of a struct, or `T[]`. */
export function isFlexible(type: CType): boolean {
  return type.kind === "array" && type.length === undefined;
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
    get name() {
      return `${element.name} *`;
    },
    key: `*inout(${element.key})`,
    size: 8,
    alignment: 8,
    target: () => element,
    direction: "inout",
  });
}
