import { ArgumentError } from "../../errors/index.js";
import { noAttributes, readAttributes } from "./attributes.js";
import type { Declarator, Grammar, NamePolicy } from "./grammar.js";
import { isUsable, isVoid, lowerObject } from "./lower.js";
import type { ArrayShape, Nullability, ParameterShape, Shape } from "./shape.js";
import { CONST_WORDS, IGNORED_WORDS, isReserved, isTypeWord } from "./specifiers.js";

/**
 * Reads a declarator: `*`, the name or a declarator in parentheses, then array bounds and parameter
 * lists (C11 6.7.6). What binds last is known only after the inner declarator has been read, so the
 * reader collects functions that wrap the type and applies them from the outside in.
 */
export function readDeclarator(grammar: Grammar, base: Shape, allows: NamePolicy): Declarator {
  const reader = new DeclaratorReader(grammar, allows);
  const wrap = reader.read();
  const { name, offset, found } = reader;
  return { name, offset, shape: wrap(base), attributes: found };
}

/** The type without a declared name of a cast or `sizeof`. */
export function readTypeName(grammar: Grammar): Shape {
  const { shape } = grammar.specifiers();
  return grammar.declarator(shape, "none").shape;
}

type Wrap = (inner: Shape) => Shape;

class DeclaratorReader {
  name: string | undefined;
  offset: number;
  readonly found = noAttributes();
  private readonly cursor;
  /** Pointers, array bounds and parameter lists so far. */
  private derivations = 0;
  /** Whether what follows the name binds first: nothing in parentheses around the name does. */
  private isOutermost = true;

  constructor(
    private readonly grammar: Grammar,
    private readonly allows: NamePolicy,
  ) {
    this.cursor = grammar.cursor;
    this.offset = this.cursor.token.offset;
  }

  read(): Wrap {
    return this.cursor.nested(() => {
      const pointers = this.pointers();
      const inner = this.direct();
      const suffix = this.suffixes();
      return (shape) => inner(suffix(pointers(shape)));
    });
  }

  private pointers(): Wrap {
    let wrap: Wrap = (shape) => shape;
    this.attributes();
    while (this.cursor.is("*") || this.cursor.is("^")) {
      if (this.cursor.is("^")) throw this.cursor.problem("blocks are not supported");
      const levels = this.pointerLevels();
      const outer = wrap;
      wrap = (shape) => levels(outer(shape));
    }
    return wrap;
  }

  /** A run of `*` with qualifiers, without recursion: it may be long. */
  private pointerLevels(): Wrap {
    const levels: PointerLevel[] = [];
    while (this.cursor.take("*")) {
      const level: PointerLevel = { isConst: false, nullability: undefined };
      for (let more = true; more; ) more = this.pointerQualifier(level);
      levels.push(level);
      this.derivations++;
      if (levels.length > MAX_POINTERS) {
        throw this.cursor.problem(`more than ${MAX_POINTERS} levels of pointers`);
      }
    }
    return (shape) =>
      levels.reduce<Shape>((target, level) => ({ kind: "pointer", target, ...level }), shape);
  }

  private pointerQualifier(level: PointerLevel): boolean {
    const { text } = this.cursor.token;
    if (CONST_WORDS.has(text)) level.isConst = true;
    else if (text in NULLABILITY) level.nullability = NULLABILITY[text];
    else if (!IGNORED_WORDS.has(text) && text !== "_Atomic") return this.attributes();
    this.cursor.next();
    return true;
  }

  private direct(): Wrap {
    if (this.cursor.is("(") && !this.startsParameters()) {
      this.cursor.next();
      const before = this.derivations;
      const inner = this.read();
      this.cursor.expect(")");
      this.isOutermost = this.derivations === before;
      return inner;
    }
    this.isOutermost = true;
    const token = this.cursor.token;
    if (token.kind === "word" && this.allows !== "none" && !isReserved(token.text)) {
      this.name = token.text;
      this.offset = token.offset;
      this.cursor.next();
      this.attributes();
    } else if (this.allows === "required" && this.name === undefined) {
      throw this.cursor.problem("expected a name");
    }
    return (shape) => shape;
  }

  /** Whether a parenthesis opens a parameter list rather than a declarator in parentheses. */
  private startsParameters(): boolean {
    if (this.allows === "required") return false;
    return this.cursor.is(")", 1) || isTypeWord(this.grammar, this.cursor.peek(1));
  }

  private suffixes(): Wrap {
    const suffixes: Wrap[] = [];
    for (;;) {
      const start = this.cursor.token;
      if (this.cursor.take("[")) suffixes.push(this.arrayBound(start.offset, suffixes.length));
      else if (this.cursor.is("(")) suffixes.push(this.parameterList());
      else break;
      this.derivations++;
      if (suffixes.length > MAX_SUFFIXES) {
        throw this.cursor.problem(`more than ${MAX_SUFFIXES} array bounds`);
      }
    }
    this.attributes();
    return (shape) => suffixes.reduceRight((inner, wrap) => wrap(inner), shape);
  }

  private arrayBound(offset: number, index: number): Wrap {
    while (IGNORED_WORDS.has(this.cursor.token.text) || this.cursor.is("static")) {
      this.cursor.next();
    }
    while (CONST_WORDS.has(this.cursor.token.text)) this.cursor.next();
    this.cursor.take("static");
    const isVariable = this.allows === "parameter" && this.isVariable();
    const length = this.boundValue(index, isVariable);
    this.cursor.expect("]");
    return (inner) => {
      const element = variableArrays.has(inner) && inner.kind === "array" ? inner.element : inner;
      const shape: ArrayShape = { kind: "array", element, length };
      if (isVariable || element !== inner) variableArrays.add(shape);
      const problem = arrayProblem(shape);
      if (problem !== undefined) throw this.cursor.source.problem(problem, offset);
      return shape;
    };
  }

  /**
   * The outermost bound of a parameter does not matter, and all of them may name other parameters
   * (C11 6.7.6.2).
   */
  private boundValue(index: number, isVariable: boolean): number | undefined {
    if (this.cursor.is("]")) return undefined;
    if (isVariable || (this.allows === "parameter" && index === 0 && this.isOutermost)) {
      while (!this.cursor.is("]")) {
        const { kind } = this.cursor.token;
        if (this.cursor.is("(") || this.cursor.is("[")) this.cursor.skipBalanced();
        else if (kind === "end" || this.cursor.is("{") || this.cursor.is(";")) return undefined;
        else this.cursor.next();
      }
      return undefined;
    }
    const token = this.cursor.token;
    const { value } = this.grammar.constant();
    if (value < 0n || value > MAX_ARRAY_LENGTH) {
      const range = `from 0 to ${MAX_ARRAY_LENGTH}`;
      throw this.cursor.problem(`an array's length must be ${range}, got ${value}`, token);
    }
    return Number(value);
  }

  /** Whether a bound is `*`, or has a name in it that is no constant. */
  private isVariable(): boolean {
    const { cursor, grammar } = this;
    for (let ahead = 0; ahead < MAX_BOUND_TOKENS && !cursor.is("]", ahead); ahead++) {
      const { kind, text } = cursor.peek(ahead);
      if (kind === "end" || text === "sizeof") return false;
      if (kind === "word" && grammar.scope.constant(text) === undefined) return true;
    }
    return cursor.is("*") && cursor.is("]", 1);
  }

  private parameterList(): Wrap {
    const start = this.cursor.expect("(");
    const isUnspecified = this.cursor.is(")");
    const { parameters, isVariadic } = this.cursor.nested(() => this.parameters());
    return (result) => {
      if (result.kind === "function" || result.kind === "array") {
        throw this.cursor.problem(`a function cannot return ${ARTICLES[result.kind]}`, start);
      }
      // Read when the type is put together, because the attribute may follow.
      const { convention } = this.found;
      return { kind: "function", result, parameters, isVariadic, isUnspecified, convention };
    };
  }

  private parameters(): { parameters: ParameterShape[]; isVariadic: boolean } {
    const parameters: ParameterShape[] = [];
    let isVariadic = false;
    if (this.cursor.take(")")) return { parameters, isVariadic };
    do {
      if (this.cursor.take("...")) {
        isVariadic = true;
        break;
      }
      const token = this.cursor.token;
      if (token.kind !== "word" && token.text !== "[[") {
        throw this.cursor.problem("expected a parameter");
      }
      const { shape: base } = this.grammar.specifiers();
      const { name, shape } = this.grammar.declarator(base, "parameter");
      if (!isVoid(shape)) parameters.push({ name, shape });
      else if (parameters.length > 0 || name !== undefined || !this.cursor.is(")")) {
        throw this.cursor.problem("a parameter cannot be void", token);
      }
    } while (this.cursor.take(","));
    if (!this.cursor.is(")")) throw this.cursor.problem(`expected "," or ")"`);
    this.cursor.next();
    return { parameters, isVariadic };
  }

  private attributes(): boolean {
    const before = this.cursor.token;
    readAttributes(this.grammar, this.found);
    return this.cursor.token !== before;
  }
}

/**
 * Arrays in parameters whose length is known when they are called only. One of them is given as its
 * elements, one after the other.
 */
const variableArrays = new WeakSet<Shape>();

/** What is wrong with an array; a type that is not supported is only so where it is used. */
function arrayProblem(shape: ArrayShape): string | undefined {
  const { element } = shape;
  const isFlexible = element.kind === "array" && element.length === undefined;
  const isOpen = element.kind === "tag" && !isUsable(element) && element.tag.problem === undefined;
  if (element.kind === "function" || isFlexible || isOpen || isVoid(element)) {
    return "an array of a type without a size";
  }
  try {
    if (isUsable(element)) lowerObject(shape);
  } catch (error) {
    if (error instanceof ArgumentError) return error.message;
    throw error;
  }
  return undefined;
}

interface PointerLevel {
  isConst: boolean;
  nullability: Nullability;
}

const NULLABILITY: Readonly<Record<string, Nullability>> = Object.assign(Object.create(null), {
  _Nullable: "nullable",
  __nullable: "nullable",
  _Nonnull: "nonnull",
  __nonnull: "nonnull",
});
const ARTICLES = { function: "a function", array: "an array" } as const;

/** Limits on what C11 5.2.4.1 asks for (12 pointer, array and function declarators). */
const MAX_POINTERS = 64;
const MAX_SUFFIXES = 64;

/** How far a bound is looked at for names that are no constants. */
const MAX_BOUND_TOKENS = 64;

/** Beyond what any type can hold; keeps arithmetic with lengths exact. */
const MAX_ARRAY_LENGTH = 2n ** 31n;
