import { ArgumentError } from "../../errors/index.js";
import type { Integer } from "./integer.js";
import type { Token } from "./tokens.js";

/** Evaluates the body of a macro; throws an ArgumentError if it is no integer constant. */
type Evaluate = (body: string) => Integer;

/** Macros may use each other; deeper chains than this are no constants. */
const MAX_CHAIN = 64;

/** Nothing, or what says only where a symbol is. */
const EXPORT_MARK =
  /^(?:extern\b\s*|__declspec\s*\(\s*dll(?:im|ex)port\s*\)\s*|__attribute__\s*\(\(\s*(?:__)?visibility(?:__)?\s*\(\s*"\w+"\s*\)\s*\)\)\s*)*$/;

/** The object-like macros of a source. Function-like ones are left out. */
export class Macros {
  readonly #bodies = new Map<string, string>();
  readonly #values = new Map<string, Integer | undefined>();
  readonly #functions = new Set<string>();
  #chain = 0;

  constructor(private readonly evaluate: Evaluate) {}

  /** Takes a `#define` or `#undef` line. */
  read({ kind, text }: Token): void {
    const [, name, list, body = ""] = /^[ \t]*([A-Za-z_]\w*)(\(?)[ \t]*([\s\S]*)$/.exec(text) ?? [];
    if (name === undefined) return;
    this.#functions.delete(name);
    if (list === "(") {
      if (kind === "define") this.#functions.add(name);
      return;
    }
    this.#values.delete(name);
    if (kind === "define") this.#bodies.set(name, body.trim());
    else this.#bodies.delete(name);
  }

  /**
   * Whether a word is a macro that stands for nothing that matters here, such as an export mark.
   */
  isEmpty(name: string): boolean {
    const body = this.#bodies.get(name);
    return body !== undefined && EXPORT_MARK.test(body);
  }

  /** Whether it is a function-like macro: what looks like a prototype may be a use of it. */
  isFunction(name: string): boolean {
    return this.#functions.has(name);
  }

  /** The macro's value, if it is an integer constant: by what is defined when it is used. */
  value(name: string): Integer | undefined {
    const body = this.#bodies.get(name);
    if (body === undefined || body === "" || this.#chain >= MAX_CHAIN) return undefined;
    const known = this.#values.get(name);
    if (known !== undefined || this.#values.has(name)) return known;
    // Set before evaluating: a macro is not replaced inside of itself (C11 6.10.3.4).
    this.#values.set(name, undefined);
    this.#chain++;
    try {
      const value = this.evaluate(body);
      this.#values.set(name, value);
      return value;
    } catch (error) {
      if (error instanceof ArgumentError) return undefined;
      throw error;
    } finally {
      this.#chain--;
    }
  }

  names(): Iterable<string> {
    return this.#bodies.keys();
  }
}

/** The alignments that `#pragma pack` has set, as a stack. */
export class PackStack {
  readonly #pushed: (number | undefined)[] = [];

  /** The most bytes that members are aligned to; undefined: what their types want. */
  current: number | undefined;

  constructor(private readonly initial: number | undefined) {
    this.current = initial;
  }

  /** Takes a `#pragma` line; false if it is a `pack` of another form than compilers know. */
  read({ text }: Token): boolean {
    const body = /^\s*pack\s*\(([^)]*)\)/.exec(text)?.[1];
    if (body === undefined) return !/^\s*pack\b/.test(text);
    const words = body.split(",").map((word) => word.trim());
    const value = words.find((word) => /^\d+$/.test(word));
    if (words[0] === "push") this.#pushed.push(this.current);
    else if (words[0] === "pop") this.current = this.#pushed.pop() ?? this.initial;
    else if (words[0] === "") this.current = this.initial;
    else if (value === undefined) return false;
    if (value === undefined) return true;
    const bytes = Number(value);
    if (![0, 1, 2, 4, 8, 16].includes(bytes)) return false;
    this.current = bytes === 0 ? undefined : bytes;
    return true;
  }
}
