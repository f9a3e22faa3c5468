import type { SourceText } from "./source-text.js";

/** A piece of C source. `offset` is in UTF-16 units from the start of the source. */
export interface Token {
  readonly kind: TokenKind;
  /** As written; of a `#define` or `#pragma` line everything after the word. */
  readonly text: string;
  readonly offset: number;
}

export type TokenKind =
  | "word"
  | "number"
  | "character"
  | "string"
  | "punctuator"
  | "define"
  | "undefine"
  | "pragma"
  | "end";

/**
 * Splits C source into tokens, the last of which is the end. Of the preprocessor's lines `#define`,
 * `#undef` and `#pragma` are kept, and what stands in `#if 0` and for C++ only is left out; other
 * directives are skipped and the lines between them read. One pass, linear in the source's length.
 */
export function tokenize(source: SourceText): Token[] {
  return new Tokenizer(source).run();
}

const BLANK = /(?:[ \t\r\n\f\v\u00a0\ufeff]|\\\r?\n)+/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const NUMBER = /\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*/y;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*"/y;
const CHARACTER = /'(?:[^'\\\n]|\\[\s\S])+'/y;
const PUNCTUATOR = /\.\.\.|<<|>>|<=|>=|==|!=|&&|\|\||::|\[\[|[\s\S]/y;
const QUOTED_PREFIX = /(?:u8|[uUL])(?=["'])/y;
const DIRECTIVE = /#[ \t]*\w*/y;
const CONTINUATION = /\\\r?\n/y;
/** Up to a comment, the end of the line or its continuation; comment marks in strings are none. */
const LINE_PIECE =
  /(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|[^\n\\/]|\/(?![*/])|\\(?!\r?\n))*/y;
const SKIPPED_CONDITION = /^\s*(?:0\s*$|defined\s*\(?\s*__cplusplus\b)/;

class Tokenizer {
  private readonly tokens: Token[] = [];
  private readonly text: string;
  private at = 0;
  private isLineStart = true;

  constructor(private readonly source: SourceText) {
    this.text = source.text;
  }

  run(): Token[] {
    while (this.skipBlank()) this.readToken();
    this.push("end", "", this.text.length);
    return this.tokens;
  }

  private readToken(): void {
    const start = this.at;
    const first = this.text[start];
    if (first === "#" && this.isLineStart) {
      this.readDirective();
      return;
    }
    this.isLineStart = false;
    if (first === "u" || first === "U" || first === "L") this.match(QUOTED_PREFIX);
    const quote = this.text[this.at];
    if (quote === '"') this.readQuoted(STRING, "string", start);
    else if (quote === "'") this.readQuoted(CHARACTER, "character", start);
    else this.readPlain(start);
  }

  private readPlain(start: number): void {
    for (const [pattern, kind] of PLAIN_TOKENS) {
      if (!this.match(pattern)) continue;
      this.push(kind, this.text.slice(start, this.at), start);
      return;
    }
  }

  private readQuoted(pattern: RegExp, kind: TokenKind, start: number): void {
    if (!this.match(pattern)) {
      throw this.source.problem(`unterminated or empty ${kind} literal`, start);
    }
    this.push(kind, this.text.slice(start, this.at), start);
  }

  private readDirective(): void {
    const start = this.at;
    this.match(DIRECTIVE);
    const name = this.text.slice(start + 1, this.at).trim();
    const offset = this.at;
    const line = this.readLine();
    if (name === "define") this.push("define", line, offset);
    else if (name === "undef") this.push("undefine", line, offset);
    else if (name === "pragma") this.push("pragma", line, offset);
    else if (name === "if" && SKIPPED_CONDITION.test(line)) this.skipBranch(start);
    else if (name === "ifdef" && line.trim() === "__cplusplus") this.skipBranch(start);
  }

  /** The rest of a line and of those it continues on, without comments. */
  private readLine(): string {
    let line = "";
    for (;;) {
      const start = this.at;
      this.match(LINE_PIECE);
      line += this.text.slice(start, this.at);
      if (this.text.startsWith("/*", this.at)) this.skipTo("*/", true);
      else if (!this.match(CONTINUATION)) return line;
      line += " ";
    }
  }

  /** Moves to the `#else`, `#elif` or `#endif` of a branch that is not C. */
  private skipBranch(start: number): void {
    const directive = /^[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)\b.*$/gm;
    directive.lastIndex = this.at;
    let depth = 0;
    for (let found = directive.exec(this.text); found; found = directive.exec(this.text)) {
      const word = found[1] ?? "";
      if (word.startsWith("if")) depth++;
      else if (depth === 0) {
        this.at = directive.lastIndex;
        return;
      } else if (word === "endif") depth--;
    }
    throw this.source.problem("no #endif for this line", start);
  }

  /** Skips white space and comments; false at the end of the source. */
  private skipBlank(): boolean {
    for (;;) {
      const start = this.at;
      if (start > 0 && isSolid(this.text.charCodeAt(start))) return true;
      this.match(BLANK);
      if (this.text.startsWith("//", this.at)) this.skipTo("\n", false);
      else if (this.text.startsWith("/*", this.at)) this.skipTo("*/", true);
      if (this.text.slice(start, this.at).includes("\n")) this.isLineStart = true;
      if (start === 0) this.isLineStart = true;
      if (this.at === start) return start < this.text.length;
    }
  }

  private skipTo(end: string, isRequired: boolean): void {
    const found = this.text.indexOf(end, this.at + 2);
    if (found >= 0) this.at = found + (isRequired ? end.length : 0);
    else if (isRequired) throw this.source.problem("unterminated comment", this.at);
    else this.at = this.text.length;
  }

  /** Moves past what a sticky pattern matches here. */
  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const isMatch = pattern.test(this.text);
    if (isMatch) this.at = pattern.lastIndex;
    return isMatch;
  }

  private push(kind: TokenKind, text: string, offset: number): void {
    this.tokens.push({ kind, text, offset });
  }
}

/**
 * Whether a UTF-16 unit is ASCII and neither begins white space nor a comment nor a continuation.
 */
function isSolid(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f && unit !== 0x2f && unit !== 0x5c;
}

const PLAIN_TOKENS = [
  [WORD, "word"],
  [NUMBER, "number"],
  [PUNCTUATOR, "punctuator"],
] as const satisfies readonly (readonly [RegExp, TokenKind])[];
