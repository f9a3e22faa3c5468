import { adjust, realignTypedef } from "./adjust.js";
import { type Attributes, readAttributes } from "./attributes.js";
import { Cursor } from "./cursor.js";
import { readDeclarator, readTypeName } from "./declarators.js";
import { readConstant } from "./expression.js";
import type { Declarator, Grammar, NamePolicy, Specifiers } from "./grammar.js";
import type { Integer } from "./integer.js";
import { isVoid } from "./lower.js";
import { Macros, PackStack } from "./macros.js";
import { OrdinaryNames } from "./ordinary-names.js";
import type { Scope } from "./scope.js";
import type { FunctionShape, Shape } from "./shape.js";
import { skipInitializer, takeAsmLabel, takeAssertion } from "./skipping.js";
import { SourceText } from "./source-text.js";
import { isTypeWord, macroAdvice, readSpecifiers } from "./specifiers.js";
import { type Token, tokenize } from "./tokens.js";

/** A function or variable that a source declares. */
export interface Declared {
  readonly name: string;
  readonly shape: Shape;
  readonly attributes: Attributes;
  /** The symbol in the library, where an `asm` label gives it another name. */
  readonly symbol: string;
  /** Without a symbol: `static`, or defined `inline`. */
  readonly isLocal: boolean;
  readonly offset: number;
}

export interface ParserOptions {
  readonly scope: Scope;
  /** Words that are skipped wherever they stand. */
  readonly ignore: ReadonlySet<string>;
  readonly pack: number | undefined;
  readonly msExtensions: boolean;
  readonly allowsUnknown: boolean;
}

/** Reads C declarations. Types go into the scope; functions and variables are handed out. */
export class Parser implements Grammar {
  readonly source: SourceText;
  readonly scope: Scope;
  readonly names: OrdinaryNames;
  readonly allowsUnknown: boolean;
  readonly msExtensions: boolean;
  readonly macros: Macros;
  readonly declared: Declared[] = [];
  cursor: Cursor;
  readonly #pack: PackStack;

  constructor(
    text: string,
    private readonly options: ParserOptions,
  ) {
    this.source = new SourceText(text);
    this.scope = options.scope;
    this.names = new OrdinaryNames(this.source);
    this.allowsUnknown = options.allowsUnknown;
    this.msExtensions = options.msExtensions;
    this.#pack = new PackStack(options.pack);
    this.macros = new Macros((body) => this.#evaluate(body));
    this.scope.macro = (name) => this.macros.value(name);
    this.cursor = this.#open(this.source);
  }

  get pack(): number | undefined {
    return this.#pack.current;
  }

  /** Reads a type alone, such as `int (*)(int)`, with or without a name. */
  runType(): Declarator {
    const { shape: base } = this.specifiers();
    const declarator = this.declarator(base, "optional");
    if (this.cursor.token.kind !== "end") throw this.cursor.problem("expected the end of the type");
    this.scope.close();
    return declarator;
  }

  /** Reads the whole source. */
  run(): void {
    let blocks = 0;
    while (this.cursor.token.kind !== "end") {
      if (this.#takeLinkage()) {
        if (this.cursor.take("{")) blocks++;
      } else if (blocks > 0 && this.cursor.take("}")) blocks--;
      else this.#declaration();
    }
    if (blocks > 0) throw this.cursor.problem('expected "}"');
    this.scope.close();
  }

  specifiers(): Specifiers {
    return this.cursor.nested(() => readSpecifiers(this));
  }

  declarator(base: Shape, allows: NamePolicy): Declarator {
    return readDeclarator(this, base, allows);
  }

  typeName(): Shape {
    return readTypeName(this);
  }

  startsType(): boolean {
    return isTypeWord(this, this.cursor.token);
  }

  constant(): Integer {
    return readConstant(this);
  }

  #open(source: SourceText): Cursor {
    const { ignore } = this.options;
    return new Cursor(
      source,
      tokenize(source),
      (token) => this.#directive(token, source),
      (word) => ignore.has(word) || this.macros.isEmpty(word),
    );
  }

  #directive(token: Token, source: SourceText): void {
    if (token.kind !== "pragma") this.macros.read(token);
    else if (!this.#pack.read(token)) {
      throw source.problem(
        "expected #pragma pack(push, n), pack(n), pack(pop) or pack()",
        token.offset,
      );
    }
  }

  /** A macro's value: its body, read in place of the source. */
  #evaluate(body: string): Integer {
    const { cursor } = this;
    try {
      this.cursor = this.#open(new SourceText(body));
      const value = this.constant();
      if (this.cursor.token.kind !== "end") throw this.cursor.problem("expected the end");
      return value;
    } finally {
      this.cursor = cursor;
    }
  }

  /** `extern "C"`, before a block or a declaration. */
  #takeLinkage(): boolean {
    if (!this.cursor.is("extern") || this.cursor.peek(1).kind !== "string") return false;
    this.cursor.next();
    this.cursor.next();
    return true;
  }

  #declaration(): void {
    const { cursor } = this;
    if (cursor.take(";") || cursor.take("__extension__") || takeAssertion(cursor)) return;
    if (takeAsmLabel(cursor) !== undefined) return;
    const specifiers = this.specifiers();
    if (cursor.take(";")) return;
    for (let more = true; more; more = cursor.take(",")) {
      const declarator = this.declarator(specifiers.shape, "required");
      const symbol = this.#trailer(declarator.attributes);
      if (cursor.is("{") && declarator.shape.kind === "function") {
        this.#declare(specifiers, declarator, symbol);
        cursor.skipBalanced();
        return;
      }
      this.#declare(specifiers, declarator, symbol);
    }
    if (!cursor.take(";") && cursor.token.kind !== "end") throw this.#unexpected();
  }

  /** What follows a declarator: attributes, an `asm` label, an initializer. */
  #trailer(attributes: Attributes): string | undefined {
    let symbol: string | undefined;
    for (let before: Token | undefined; before !== this.cursor.token; ) {
      before = this.cursor.token;
      symbol = takeAsmLabel(this.cursor) ?? symbol;
      readAttributes(this, attributes);
    }
    if (this.cursor.take("=")) skipInitializer(this.cursor);
    return symbol;
  }

  #declare(specifiers: Specifiers, declarator: Declarator, symbol: string | undefined): void {
    const { name, offset, attributes } = declarator;
    if (name === undefined) throw this.source.problem("expected a name", offset);
    attributes.mode ??= specifiers.attributes.mode;
    attributes.unsupported ??= specifiers.attributes.unsupported;
    attributes.convention ??= specifiers.attributes.convention;
    const shape = withConvention(adjust(declarator.shape, attributes), attributes);
    if (specifiers.isTypedef) {
      const alignment = attributes.alignment ?? specifiers.attributes.alignment;
      this.#defineType(name, realignTypedef(shape, alignment), offset);
      return;
    }
    if (isVoid(shape)) {
      const advice = this.cursor.token.kind === "word" ? macroAdvice(name) : "";
      throw this.source.problem(`a variable cannot be void${advice}`, offset);
    }
    const isLocal = specifiers.isStatic || (specifiers.isInline && this.cursor.is("{"));
    const declared = { name, shape, attributes, symbol: symbol ?? name, isLocal, offset };
    const isMacro = this.macros.isFunction(name);
    this.declared.push(isMacro ? declared : this.names.declare(declared));
  }

  /**
   * A header's own definition of a standard type, such as `typedef unsigned long size_t`, leaves it
   * what it is: a checked number.
   */
  #defineType(name: string, shape: Shape, offset: number): void {
    this.names.typedef(name, shape, offset);
    if (!this.scope.isStandard(name, shape)) this.scope.typedefs.set(name, shape);
  }

  #unexpected() {
    const { cursor } = this;
    const { kind, text } = cursor.token;
    const last = this.declared.at(-1);
    if (kind === "word" && last !== undefined && last.shape.kind !== "function") {
      return cursor.problem(`unexpected "${text}" after "${last.name}"${macroAdvice(last.name)}`);
    }
    return cursor.problem(`expected "," or ";", got "${text}"`);
  }
}

function withConvention(shape: Shape, { convention }: Attributes): Shape {
  if (shape.kind !== "function" || convention === undefined) return shape;
  return { ...shape, convention } satisfies FunctionShape;
}
