import { scalarType } from "../types/scalar.js";
import { resolveType } from "../types/type-names.js";
import { readAggregate } from "./aggregates.js";
import { type Attributes, noAttributes, readAttributes } from "./attributes.js";
import {
  BASIC_WORDS,
  type BasicWord,
  C_TYPES,
  canonicalName,
  TEXT_TYPES,
  UNSUPPORTED_TYPES,
} from "./c-types.js";
import { readEnum } from "./enums.js";
import type { Grammar, Specifiers } from "./grammar.js";
import { asConst, baseShape, type Shape, unsupportedShape } from "./shape.js";
import type { Token } from "./tokens.js";

/** Words that change neither size nor calling convention of what they stand with. */
export const IGNORED_WORDS: ReadonlySet<string> = new Set([
  ..."volatile __volatile__ __volatile restrict __restrict __restrict__ register auto".split(" "),
  ..."_Noreturn noreturn _Thread_local thread_local __thread constexpr __extension__".split(" "),
  ..."_Nonnull __nonnull _Null_unspecified __unaligned __ptr32 __ptr64 __w64".split(" "),
]);

const INLINE_WORDS = new Set(["inline", "__inline", "__inline__", "__forceinline"]);
const TYPEOF_WORDS = new Set(["typeof", "__typeof__", "__typeof", "typeof_unqual", "__auto_type"]);
export const CONST_WORDS: ReadonlySet<string> = new Set(["const", "__const", "__const__"]);

/** Reads declaration specifiers (C11 6.7): storage, qualifiers and type, in any order. */
export function readSpecifiers(grammar: Grammar): Specifiers {
  return new SpecifierReader(grammar).read();
}

/** Whether a word cannot be a declared name. */
export function isReserved(word: string): boolean {
  return (
    BASIC_WORDS.has(word) ||
    AGGREGATE_WORDS.has(word) ||
    CONST_WORDS.has(word) ||
    IGNORED_WORDS.has(word) ||
    INLINE_WORDS.has(word) ||
    STORAGE_WORDS.has(word)
  );
}

/** Whether a word starts a type: a type's word, a qualifier or a typedef's name. */
export function isTypeWord({ scope }: Grammar, { kind, text }: Token): boolean {
  if (kind !== "word") return false;
  return (
    BASIC_WORDS.has(text) ||
    AGGREGATE_WORDS.has(text) ||
    CONST_WORDS.has(text) ||
    IGNORED_WORDS.has(text) ||
    UNSUPPORTED_TYPES.has(text) ||
    TYPEOF_WORDS.has(text) ||
    text === "_Atomic" ||
    scope.typedef(text) !== undefined
  );
}

const STORAGE_WORDS = new Set(["typedef", "extern", "static", "sizeof", "__asm__", "asm", "__asm"]);
const AGGREGATE_WORDS = new Set(["struct", "union", "enum"]);

class SpecifierReader {
  private readonly attributes: Attributes = noAttributes();
  private readonly words: BasicWord[] = [];
  private shape: Shape | undefined;
  private isConst = false;
  /** Whether a typedef's name gives the type; `isTypedef` is whether one is declared. */
  private isTypedefName = false;
  private isTypedef = false;
  private isStatic = false;
  private isInline = false;

  constructor(private readonly grammar: Grammar) {}

  read(): Specifiers {
    const start = this.grammar.cursor.token;
    while (this.readOne());
    const found = this.shape ?? this.basicType(start);
    const { attributes, isTypedef, isStatic, isInline } = this;
    const shape = this.isConst ? asConst(found) : found;
    const isNamed = this.isTypedefName || shape.kind === "tag";
    return { shape, attributes, isNamed, isTypedef, isStatic, isInline };
  }

  private readOne(): boolean {
    const { cursor } = this.grammar;
    const before = cursor.token;
    readAttributes(this.grammar, this.attributes);
    const token = cursor.token;
    if (token !== before) return true;
    if (token.kind !== "word") return false;
    const { text } = token;
    if (this.readModifier(text)) {
      cursor.next();
      return true;
    }
    if (TYPEOF_WORDS.has(text)) throw cursor.problem(`${text} is not supported`);
    if (text === "_Atomic") {
      cursor.next();
      if (cursor.is("(")) this.setShape(this.parenthesizedType(), token);
      return true;
    }
    const basic = BASIC_WORDS.get(text);
    if (basic !== undefined) {
      if (this.shape !== undefined) throw cursor.problem(`unexpected "${text}" after a type`);
      this.words.push(basic);
      cursor.next();
      return true;
    }
    return this.readNamed(token);
  }

  /** Storage classes and qualifiers. */
  private readModifier(text: string): boolean {
    if (CONST_WORDS.has(text)) this.isConst = true;
    else if (INLINE_WORDS.has(text)) this.isInline = true;
    else if (text === "typedef") this.isTypedef = true;
    else if (text === "static") this.isStatic = true;
    else return text === "extern" || IGNORED_WORDS.has(text);
    return true;
  }

  /** A struct, union or enum, or the name of a type. */
  private readNamed(token: Token): boolean {
    const { cursor, scope } = this.grammar;
    const { text } = token;
    if (text === "struct" || text === "union") {
      this.setShape(readAggregate(this.grammar, text, this.isTypedef), token);
      return true;
    }
    if (text === "enum") {
      this.setShape(readEnum(this.grammar, this.isTypedef), token);
      return true;
    }
    if (this.shape !== undefined || this.words.length > 0) {
      if (!UNSUPPORTED_TYPES.has(text)) return false;
      throw cursor.problem(`${text} is not supported`);
    }
    if (UNSUPPORTED_TYPES.has(text)) {
      cursor.next();
      if (cursor.is("(")) cursor.skipBalanced();
      while (BASIC_WORDS.has(cursor.token.text)) cursor.next();
      this.shape = unsupportedShape(text);
      return true;
    }
    const known = scope.typedef(text) ?? this.unknownTarget();
    if (known === undefined) return false;
    cursor.next();
    this.shape = known;
    this.isTypedefName = true;
    return true;
  }

  /** A prototype on its own may point to types that are declared nowhere. */
  private unknownTarget(): Shape | undefined {
    const { cursor, scope, allowsUnknown } = this.grammar;
    if (scope.hasTag(cursor.token.text)) return undefined;
    let ahead = 1;
    while (ahead < 4 && CONST_WORDS.has(cursor.peek(ahead).text)) ahead++;
    return allowsUnknown && cursor.is("*", ahead)
      ? unsupportedShape(cursor.token.text, "has no definition")
      : undefined;
  }

  private parenthesizedType(): Shape {
    const { cursor } = this.grammar;
    cursor.expect("(");
    const shape = this.grammar.typeName();
    cursor.expect(")");
    return shape;
  }

  private setShape(shape: Shape, token: Token): void {
    if (this.shape !== undefined || this.words.length > 0) {
      throw this.grammar.cursor.problem(`unexpected "${token.text}" after a type`, token);
    }
    this.shape = shape;
  }

  private basicType(start: Token): Shape {
    const { cursor } = this.grammar;
    if (this.words.length === 0) throw this.missingType();
    const name = canonicalName(this.words);
    if (Object.hasOwn(C_TYPES, name)) {
      const value = C_TYPES[name as keyof typeof C_TYPES];
      return baseShape(scalarType(value), TEXT_TYPES[name]);
    }
    if (name === "long double") return longDouble();
    if (name.startsWith("_Complex")) return unsupportedShape(name);
    throw cursor.problem(`"${this.words.join(" ")}" is no type of C`, start);
  }

  private missingType() {
    const { cursor, scope } = this.grammar;
    const { kind, text } = cursor.token;
    if (kind !== "word") return cursor.problem("expected a type");
    const next = cursor.peek(1);
    const isMacro = next.kind === "word" && isTypeWord(this.grammar, next);
    const advice = isMacro ? macroAdvice(text) : scope.suggestion(text);
    return cursor.problem(`unknown type "${text}"${advice}`);
  }
}

/** What to do about a word that is most likely a macro of the header. */
export function macroAdvice(word: string): string {
  return `; if it is a macro that may be left out, pass ignore: ["${word}"]`;
}

function longDouble(): Shape {
  try {
    return baseShape(resolveType("long double", "type"));
  } catch {
    const { platform, arch } = process;
    const shape = unsupportedShape("long double", `is not supported on ${platform}-${arch}`);
    // By AAPCS64; stddef.h asks for its alignment.
    return arch === "arm64" ? { ...shape, layout: { size: 16, alignment: 16 } } : shape;
  }
}
