import { ArgumentError } from "../../errors/index.js";
import type { ValueType } from "../types/types.js";
import { C_TYPES } from "./c-types.js";

/** A C prototype, read. */
export interface Declaration {
  readonly name: string;
  readonly result: ValueType;
  readonly parameters: readonly DeclaredParameter[];
}

export interface DeclaredParameter {
  /** Undefined where the prototype gives a type only. */
  readonly name: string | undefined;
  readonly type: ValueType;
}

interface Token {
  readonly text: string;
  readonly column: number;
}

/** Words that change neither size nor meaning of a parameter here. */
const IGNORED = new Set(["extern", "static", "volatile", "restrict", "__restrict", "_Nonnull"]);

/**
 * Reads a C prototype such as `double hypot(double x, double y)` or `size_t strlen(const char *s)`.
 * `const char *` is a UTF-8 string (`_Nullable` allows null), other pointers are addresses or
 * memory. Throws an ArgumentError that names the column of what it does not understand.
 */
export function parseDeclaration(text: string): Declaration {
  return new DeclarationReader(text).read();
}

/** Whether a text is a prototype rather than a symbol's name. */
export function isDeclaration(text: string): boolean {
  return text.includes("(");
}

class DeclarationReader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = tokenize(text);
  }

  read(): Declaration {
    const head = this.until("(");
    const name = head.pop();
    if (name === undefined || !isWord(name.text) || head.length === 0) {
      throw this.problem("expected a result type and a function name", name);
    }
    const result = this.typeOf(head, name);
    const parameters = this.parameters();
    const rest = this.tokens[this.at];
    if (rest !== undefined && !(rest.text === ";" && this.at === this.tokens.length - 1)) {
      throw this.problem("expected the end of the declaration", rest);
    }
    return { name: name.text, result, parameters };
  }

  private parameters(): DeclaredParameter[] {
    const parameters: DeclaredParameter[] = [];
    for (let more = true; more; ) {
      const tokens = this.until(",", ")");
      more = this.tokens[this.at - 1]?.text === ",";
      const only = !more && parameters.length === 0;
      if (only && (tokens.length === 0 || (tokens.length === 1 && tokens[0]?.text === "void"))) {
        return [];
      }
      parameters.push(this.parameter(tokens));
    }
    return parameters;
  }

  private parameter(tokens: Token[]): DeclaredParameter {
    const last = tokens.at(-1);
    if (last === undefined) throw this.problem("expected a parameter", this.tokens[this.at - 1]);
    const isNamed =
      tokens.length > 1 && isWord(last.text) && !isTypeWord(last.text) && last.text !== "_Nullable";
    const typeTokens = isNamed ? tokens.slice(0, -1) : tokens;
    const type = this.typeOf(typeTokens, last);
    if (type === "void") throw this.problem("a parameter cannot be void", typeTokens[0]);
    return { name: isNamed ? last.text : undefined, type };
  }

  private typeOf(tokens: readonly Token[], near: Token): ValueType {
    const words = tokens.map((token) => token.text);
    const base = words.filter((word) => word !== "*" && word !== "const" && word !== "_Nullable");
    const stars = words.filter((word) => word === "*").length;
    if (stars > 0) {
      const star = words.indexOf("*");
      const isText =
        stars === 1 && base.join(" ") === "char" && words.slice(0, star).includes("const");
      if (!isText) return "pointer";
      return words.includes("_Nullable") ? "nullableText" : "text";
    }
    const name = base.join(" ");
    if (!Object.hasOwn(C_TYPES, name)) {
      throw this.problem(`unknown C type "${name}"`, tokens[0] ?? near);
    }
    return C_TYPES[name as keyof typeof C_TYPES];
  }

  /** The tokens before one of the ends, which is consumed too. */
  private until(...ends: string[]): Token[] {
    const found: Token[] = [];
    for (;;) {
      const token = this.tokens[this.at++];
      if (token === undefined) throw this.problem(`expected "${ends.join('" or "')}"`, undefined);
      if (ends.includes(token.text)) return found;
      if (!isWord(token.text) && token.text !== "*") {
        throw this.problem(`unexpected "${token.text}"`, token);
      }
      if (!IGNORED.has(token.text)) found.push(token);
    }
  }

  private problem(what: string, token: Token | undefined): ArgumentError {
    const column = (token?.column ?? this.text.length) + 1;
    return new ArgumentError(`C declaration "${this.text}": ${what} at column ${column}`);
  }
}

function tokenize(text: string): Token[] {
  return Array.from(text.matchAll(/\w+|[^\s\w]/g), (match) => ({
    text: match[0],
    column: match.index,
  }));
}

function isWord(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

const TYPE_WORDS = new Set(Object.keys(C_TYPES).flatMap((name) => name.split(" ")));

function isTypeWord(text: string): boolean {
  return TYPE_WORDS.has(text) || text === "const";
}
