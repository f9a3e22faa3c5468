import { opaque } from "../types/constructors.js";
import type { CType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { NATIVE_TYPES } from "../types/types.js";
import { C_TYPES, TEXT_TYPES } from "./c-types.js";
import type { Integer } from "./integer.js";
import { baseShape, type Shape, type Tag, type TagKeyword } from "./shape.js";
import { nearest } from "./suggestion.js";

/** The names of one reading: typedefs, tags and constants, on top of those of earlier readings. */
export class Scope {
  readonly typedefs = new Map<string, Shape>();
  /** By full name: `struct point`. */
  readonly tags = new Map<string, Tag>();
  readonly enumerators = new Map<string, Integer>();
  /** Evaluates a macro; set by whoever reads preprocessor lines. */
  macro: (name: string) => Integer | undefined = () => undefined;

  constructor(private readonly earlier: Scope | undefined) {}

  typedef(name: string): Shape | undefined {
    return this.typedefs.get(name) ?? this.earlier?.typedef(name) ?? builtInTypes().get(name);
  }

  /** Whether a typedef only says of a standard type what is known: the same size and sign. */
  isStandard(name: string, shape: Shape): boolean {
    const known = builtInTypes().get(name);
    if (known?.kind !== "base" || shape.kind !== "base") return false;
    if (known.problem !== undefined) return shape.problem !== undefined;
    if (known.type.kind !== "scalar" || shape.type.kind !== "scalar") return false;
    return NATIVE_TYPES[known.type.value] === NATIVE_TYPES[shape.type.value];
  }

  constant(name: string): Integer | undefined {
    return this.enumerators.get(name) ?? this.macro(name) ?? this.earlier?.constant(name);
  }

  findTag(name: string): Tag | undefined {
    return this.tags.get(name) ?? this.earlier?.findTag(name);
  }

  /** Whether there is a struct, union or enum of that name. */
  hasTag(name: string): boolean {
    return TAG_KEYWORDS.some((keyword) => this.findTag(`${keyword} ${name}`) !== undefined);
  }

  /** The tag of a reference, which declares it where it is new. */
  referTag(keyword: TagKeyword, name: string, offset: number): Tag {
    const fullName = `${keyword} ${name}`;
    return this.findTag(fullName) ?? this.#addTag(keyword, fullName, offset);
  }

  /**
   * The tag of a definition, which hides that of an earlier reading; it has a type, or a problem, if
   * this reading has defined it before.
   */
  defineTag(keyword: TagKeyword, name: string, offset: number): Tag {
    const fullName = `${keyword} ${name}`;
    const known = this.tags.get(fullName);
    if (known === undefined) return this.#addTag(keyword, fullName, offset);
    if (!isDefined(known)) known.offset = offset;
    return known;
  }

  /** The tag of the same name that this reading has for another kind of type: C has one for all. */
  rivalTag(keyword: TagKeyword, name: string): Tag | undefined {
    const others = TAG_KEYWORDS.filter((word) => word !== keyword);
    return others.map((word) => this.tags.get(`${word} ${name}`)).find((tag) => tag !== undefined);
  }

  /** Takes a type that was made by hand, under a tag's full name or another name. */
  addType(name: string, type: CType): void {
    const keyword = TAG_KEYWORDS.find((word) => name.startsWith(`${word} `));
    if (keyword === undefined) this.typedefs.set(name, baseShape(type));
    else this.tags.set(name, { keyword, name, offset: 0, isOpen: false, type, problem: undefined });
    const own = TAG_KEYWORDS.find((word) => type.kind === word);
    if (
      keyword === undefined &&
      own !== undefined &&
      this.findTag(`${own} ${name}`) === undefined
    ) {
      this.addType(`${own} ${name}`, type);
    }
  }

  /** Ends the reading: what has no definition now stays without one. */
  close(): void {
    for (const tag of this.tags.values()) tag.isOpen = false;
  }

  *#typeNames(): Generator<string> {
    yield* BASIC_NAMES;
    yield* builtInTypes().keys();
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.earlier) {
      yield* scope.typedefs.keys();
    }
  }

  #addTag(keyword: TagKeyword, name: string, offset: number): Tag {
    const tag: Tag = { keyword, name, offset, isOpen: true, type: undefined, problem: undefined };
    this.tags.set(name, tag);
    return tag;
  }

  /** `; did you mean "size_t"?`, or nothing where no name is near. */
  suggestion(name: string): string {
    const keyword = TAG_KEYWORDS.find((word) => this.findTag(`${word} ${name}`) !== undefined);
    if (keyword !== undefined) return `; did you mean "${keyword} ${name}"?`;
    const near = nearest(name, this.#typeNames());
    return near === undefined ? "" : `; did you mean "${near}"?`;
  }
}

/** Whether a source has defined a tag, be it as a type that is not supported. */
export function isDefined({ type, problem }: Tag): boolean {
  return type !== undefined || problem !== undefined;
}

const TAG_KEYWORDS: readonly TagKeyword[] = ["struct", "union", "enum"];
const BASIC_NAMES = ["void", "char", "short", "int", "long", "float", "double", "unsigned"];

let builtIn: ReadonlyMap<string, Shape> | undefined;

/**
 * Types that need no declaration. Made for the first declaration that is read, which not every
 * program has. `va_list` is one that no JavaScript value stands for.
 */
function builtInTypes(): ReadonlyMap<string, Shape> {
  builtIn ??= new Map<string, Shape>([
    ...Object.entries(C_TYPES).map(([name, value]): [string, Shape] => {
      return [name, baseShape(scalarType(value), TEXT_TYPES[name])];
    }),
    ...["va_list", "__builtin_va_list", "__gnuc_va_list"].map((name): [string, Shape] => {
      return [name, baseShape(opaque(name), undefined, `${name} has no JavaScript value`)];
    }),
  ]);
  return builtIn;
}
