import type { Attributes } from "./attributes.js";
import type { Cursor } from "./cursor.js";
import type { Integer } from "./integer.js";
import type { OrdinaryNames } from "./ordinary-names.js";
import type { Scope } from "./scope.js";
import type { Shape } from "./shape.js";

/**
 * The parts of the grammar that contain each other. Each is read by a module of its own, which
 * reaches the others through this.
 */
export interface Grammar {
  readonly cursor: Cursor;
  readonly scope: Scope;
  readonly names: OrdinaryNames;
  /** An unknown type name before a `*` is a type without a definition instead of a mistake. */
  readonly allowsUnknown: boolean;
  /** A struct or union that is only named among the members is an anonymous member. */
  readonly msExtensions: boolean;
  specifiers(): Specifiers;
  declarator(base: Shape, allows: NamePolicy): Declarator;
  /** A type without a declared name, as in a cast. */
  typeName(): Shape;
  /** Whether a type name starts at the next token. */
  startsType(): boolean;
  constant(): Integer;
  /** The most bytes that members are aligned to, by `#pragma pack`. */
  readonly pack: number | undefined;
}

/** What stands before the declarators: `static const unsigned long`. */
export interface Specifiers {
  readonly shape: Shape;
  /** Whether a tag or a typedef names the type, as opposed to its words or members. */
  readonly isNamed: boolean;
  readonly isTypedef: boolean;
  readonly isStatic: boolean;
  readonly isInline: boolean;
  readonly attributes: Attributes;
}

/** Whether a declarator has a name; the first array bound of a parameter does not count. */
export type NamePolicy = "required" | "optional" | "none" | "parameter";

export interface Declarator {
  /** Undefined for an abstract declarator. */
  readonly name: string | undefined;
  /** Where the name stands, or would. */
  readonly offset: number;
  readonly shape: Shape;
  /** Those after the name, and those of a calling convention anywhere in it. */
  readonly attributes: Attributes;
}
