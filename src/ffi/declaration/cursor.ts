import type { ArgumentError } from "../../errors/index.js";
import type { SourceText } from "./source-text.js";
import type { Token } from "./tokens.js";

/**
 * Deepest nesting of parentheses, structs and declarators: each level is a few frames of this
 * process's stack, which hostile source could otherwise exhaust. C11 5.2.4.1 asks for 63.
 */
const MAX_DEPTH = 64;

/** Reads tokens in order. Preprocessor lines are handed over when reading passes them. */
export class Cursor {
  #at = 0;
  #depth = 0;

  constructor(
    readonly source: SourceText,
    private readonly tokens: readonly Token[],
    private readonly onDirective: (token: Token) => void,
    private readonly isIgnored: (word: string) => boolean,
  ) {
    this.#settle();
  }

  /** The token that is read next. */
  get token(): Token {
    return this.peek(0);
  }

  /** The token `distance` places on; the end stays the end. */
  peek(distance: number): Token {
    let at = this.#at;
    for (let left = distance; left > 0; left--) {
      at = Math.min(at + 1, this.tokens.length - 1);
      while (this.#isSkipped(this.tokens[at])) at++;
    }
    return this.tokens[at] ?? END;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== "end") this.#at++;
    this.#settle();
    return token;
  }

  /** Whether a punctuator or keyword stands here. */
  is(text: string, distance = 0): boolean {
    const token = this.peek(distance);
    return token.text === text && (token.kind === "punctuator" || token.kind === "word");
  }

  /** Consumes a punctuator or keyword if it stands here. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): Token {
    if (!this.is(text)) throw this.problem(`expected "${text}"`);
    return this.next();
  }

  /** Runs a nested piece of the grammar; throws where it nests too deep. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw this.problem(`nested deeper than ${MAX_DEPTH} levels`);
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** Skips an opening bracket and everything up to its closing one. */
  skipBalanced(): void {
    const opening = this.token;
    const closers: string[] = [];
    do {
      const { kind, text } = this.token;
      if (kind === "end") throw this.problem(`no end for this "${opening.text}"`, opening);
      const isPunctuator = kind === "punctuator";
      if (isPunctuator && text in CLOSERS) closers.push(CLOSERS[text as keyof typeof CLOSERS]);
      else if (isPunctuator && text === "[[") closers.push("]", "]");
      else if (isPunctuator && text === closers.at(-1)) closers.pop();
      this.next();
    } while (closers.length > 0);
  }

  /** The error for a token, by default the one that is read next. */
  problem(what: string, token: Token = this.token): ArgumentError {
    return this.source.problem(what, token.offset);
  }

  #isSkipped(token: Token | undefined): boolean {
    if (token === undefined) return false;
    if (token.kind === "word") return this.isIgnored(token.text);
    return token.kind === "define" || token.kind === "undefine" || token.kind === "pragma";
  }

  /** Moves on to a token of the grammar. */
  #settle(): void {
    for (;;) {
      const token = this.tokens[this.#at];
      if (token === undefined || !this.#isSkipped(token)) return;
      if (token.kind !== "word") this.onDirective(token);
      this.#at++;
    }
  }
}

const CLOSERS = { "(": ")", "[": "]", "{": "}" } as const;
const END: Token = { kind: "end", text: "", offset: 0 };
