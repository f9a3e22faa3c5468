import { quote } from "../names.js";
import { DefinitionSyntaxError, type Position } from "./syntax-error.js";

export type TokenKind = "name" | "string" | "number" | "punctuation" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A name or punctuation as it is written; a string's or number's source text. */
  readonly text: string;
  /** Of a string or number. */
  readonly value?: string | number;
  /** The `///` lines right before it. */
  readonly documentation?: string;
  readonly offset: number;
}

const SPACE = /[ \t\r\n\uFEFF]+/y;
const DOCUMENTATION = /\/\/\/(?!\/)[ \t]?([^\r\n]*)/y;
const LINE_COMMENT = /\/\/[^\r\n]*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
/** JSON's (RFC 8259, section 6). */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const PUNCTUATION = /->|[@(){}[\]<>,;:?|=]/y;

/** Splits a definition text into tokens; the last one is the end. */
export class Scanner {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly file: string | undefined,
  ) {}

  /** What stands at the offset cannot be read, for this reason. */
  errorAt(offset: number, problem: string, options?: ErrorOptions): DefinitionSyntaxError {
    return new DefinitionSyntaxError(problem, this.file, this.positionOf(offset), options);
  }

  next(): Token {
    const documentation = this.skip();
    const offset = this.at;
    const described = documentation === undefined ? { offset } : { offset, documentation };
    if (offset === this.source.length) return { kind: "end", text: "the end", ...described };
    const name = this.match(NAME);
    if (name !== undefined) return { kind: "name", text: name, ...described };
    const punctuation = this.match(PUNCTUATION);
    if (punctuation !== undefined) {
      return { kind: "punctuation", text: punctuation, ...described };
    }
    if (this.source[offset] === '"') return { kind: "string", ...this.string(), ...described };
    const number = this.match(NUMBER);
    if (number === undefined) throw this.unreadable();
    const value = Number(number);
    if (!Number.isFinite(value)) throw this.errorAt(offset, `${number} is too large for a number`);
    return { kind: "number", text: number, value, ...described };
  }

  /** Over space and comments, to the next token; gives the documentation on the way. */
  private skip(): string | undefined {
    const lines: string[] = [];
    for (;;) {
      if (this.match(SPACE) !== undefined) continue;
      DOCUMENTATION.lastIndex = this.at;
      const [whole, line] = DOCUMENTATION.exec(this.source) ?? [];
      if (whole !== undefined) {
        lines.push(line ?? "");
        this.at += whole.length;
        continue;
      }
      if (this.match(LINE_COMMENT) === undefined && !this.skipBlock()) break;
    }
    return lines.length > 0 ? lines.join("\n").trim() : undefined;
  }

  private skipBlock(): boolean {
    if (!this.source.startsWith("/*", this.at)) return false;
    const end = this.source.indexOf("*/", this.at + 2);
    if (end < 0) throw this.errorAt(this.at, "this comment has no end");
    this.at = end + 2;
    return true;
  }

  /** JSON's, on one line. */
  private string(): { readonly text: string; readonly value: string } {
    const { source, at } = this;
    let end = at + 1;
    while (end < source.length && source[end] !== '"' && source[end] !== "\n") {
      end += source[end] === "\\" ? 2 : 1;
    }
    const text = source.slice(at, end + 1);
    try {
      const value = JSON.parse(text) as string;
      this.at = end + 1;
      return { text, value };
    } catch {
      throw this.errorAt(at, "this string needs an end on its line, and the escapes of JSON");
    }
  }

  private match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    const [text] = expression.exec(this.source) ?? [];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  private unreadable(): DefinitionSyntaxError {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    return this.errorAt(this.at, `unexpected ${quote(character)}`);
  }

  private positionOf(offset: number): Position {
    const before = this.source.slice(0, offset);
    const line = before.split("\n").length;
    return { line, column: offset - before.lastIndexOf("\n") };
  }
}
