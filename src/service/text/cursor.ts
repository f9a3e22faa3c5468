import { quote } from "../names.js";
import type { DefinitionSyntaxError } from "./syntax-error.js";
import { Scanner, type Token } from "./tokens.js";

/** Deeper than anybody nests, and shallow enough for a recursive parser's stack. */
const MAX_DEPTH = 100;

/** The tokens of a definition text, one ahead. */
export class Cursor {
  private readonly scanner: Scanner;
  private ahead: Token;
  private depth = 0;

  constructor(source: string, file: string | undefined) {
    this.scanner = new Scanner(source, file);
    this.ahead = this.scanner.next();
  }

  /** The next token. */
  get token(): Token {
    return this.ahead;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.ahead;
    if (token.kind !== "end") this.ahead = this.scanner.next();
    return token;
  }

  /** Takes the next token if it is this one. */
  accept(text: string): boolean {
    const { kind } = this.ahead;
    const isIt = (kind === "name" || kind === "punctuation") && this.ahead.text === text;
    if (isIt) this.take();
    return isIt;
  }

  expect(text: string, where: string): Token {
    const { token } = this;
    if (!this.accept(text)) throw this.unexpected(`"${text}" ${where}`);
    return token;
  }

  takeName(what: string): string {
    if (this.ahead.kind !== "name") throw this.unexpected(what);
    return this.take().text;
  }

  takeString(what: string): string {
    const { value } = this.ahead;
    if (this.ahead.kind !== "string" || typeof value !== "string") throw this.unexpected(what);
    this.take();
    return value;
  }

  /** A list up to its closing bracket; a comma may follow the last item. */
  list(close: string, what: string, item: () => void): void {
    while (!this.accept(close)) {
      item();
      if (this.accept(",")) continue;
      this.expect(close, `or "," after ${what}`);
      return;
    }
  }

  /** Runs a step that may nest itself. */
  nested<T>(step: () => T): T {
    if (this.depth === MAX_DEPTH) {
      throw this.error(this.ahead, `nested more than ${MAX_DEPTH} levels deep`);
    }
    this.depth++;
    try {
      return step();
    } finally {
      this.depth--;
    }
  }

  unexpected(expected: string): DefinitionSyntaxError {
    const { kind, text } = this.ahead;
    // The text of a string may be long, and is no help.
    const got = kind === "string" ? "a string" : kind === "end" ? text : quote(text);
    return this.error(this.ahead, `expected ${expected}, got ${got}`);
  }

  error(at: Token, problem: string, options?: ErrorOptions): DefinitionSyntaxError {
    return this.scanner.errorAt(at.offset, problem, options);
  }
}
