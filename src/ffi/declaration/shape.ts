import { opaque } from "../types/constructors.js";
import type { CType } from "../types/ctype.js";
import type { TextType } from "./c-types.js";

/**
 * A type as C declares it, qualifiers included: what typedefs stand for while a source is read.
 * `lower.ts` makes a CType of it, which depends on where it stands.
 */
export type Shape = BaseShape | TagShape | PointerShape | ArrayShape | FunctionShape;

/** A scalar, or a type that was handed in. */
export interface BaseShape {
  readonly kind: "base";
  readonly type: CType;
  readonly isConst: boolean;
  /** What a pointer to constants of this type is: set for character types. */
  readonly text: TextType | undefined;
  /** Why values of this type cannot be passed; only pointers to it can. */
  readonly problem: string | undefined;
  /** What `sizeof` and `_Alignof` are for a type with a problem, where they are known. */
  readonly layout?: Layout;
}

/** In bytes. */
export type Layout = Pick<CType, "size" | "alignment">;

/** `struct name`, `union name` or `enum name`, which may be completed later. */
export interface TagShape {
  readonly kind: "tag";
  readonly tag: Tag;
  readonly isConst: boolean;
}

export interface Tag {
  readonly keyword: TagKeyword;
  /** With the keyword: `struct point`. */
  readonly name: string;
  /** Where its definition begins, or its first mention. */
  offset: number;
  /** Whether a definition may still follow. */
  isOpen: boolean;
  /** Undefined while there is no definition. */
  type: CType | undefined;
  /** Why there is none, if there was a definition that cannot be used. */
  problem: string | undefined;
}

export type TagKeyword = "struct" | "union" | "enum";

export interface PointerShape {
  readonly kind: "pointer";
  readonly target: Shape;
  readonly isConst: boolean;
  readonly nullability: Nullability;
}

/** What Clang's qualifiers say of a pointer: `_Nullable`, `_Nonnull`, or nothing. */
export type Nullability = "nullable" | "nonnull" | undefined;

export interface ArrayShape {
  readonly kind: "array";
  readonly element: Shape;
  readonly length: number | undefined;
}

export interface FunctionShape {
  readonly kind: "function";
  readonly result: Shape;
  readonly parameters: readonly ParameterShape[];
  readonly isVariadic: boolean;
  /** `()`, which says nothing of parameters before C23; called without arguments. */
  readonly isUnspecified: boolean;
  readonly convention: Convention | undefined;
}

export interface ParameterShape {
  readonly name: string | undefined;
  readonly shape: Shape;
}

/** A calling convention that a declaration names; undefined means the platform's own. */
export type Convention = "cdecl" | "stdcall" | "win64";

/** Whether what a pointer to this points to may not be written. */
export function isConst(shape: Shape): boolean {
  if (shape.kind === "array") return isConst(shape.element);
  return shape.kind !== "function" && shape.isConst;
}

/** The same with `const`; an array's elements are what becomes constant (C11 6.7.3p9). */
export function asConst(shape: Shape): Shape {
  if (shape.kind === "array") return { ...shape, element: asConst(shape.element) };
  return shape.kind === "function" || shape.isConst ? shape : { ...shape, isConst: true };
}

export function baseShape(type: CType, text?: TextType, problem?: string): BaseShape {
  return { kind: "base", type, isConst: false, text, problem };
}

/** A type that only pointers can be used of; `why` follows its name. */
export function unsupportedShape(name: string, why = "is not supported"): BaseShape {
  return baseShape(opaque(name), undefined, `${name} ${why}`);
}
