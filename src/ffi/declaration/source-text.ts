import { ArgumentError } from "../../errors/index.js";

/** Longer sources are refused: tokens take some 100 bytes each, and no header comes near. */
const MAX_SOURCE_LENGTH = 16 * 1024 * 1024;

/** Longest part of a source line that an error quotes. */
const MAX_QUOTED = 100;

/** From each start on the source is in the branch of that number; 0 is in none. */
interface Branches {
  readonly starts: readonly number[];
  readonly numbers: readonly number[];
}

function branchesOf(text: string): Branches {
  const starts = [0];
  const numbers = [0];
  const outer: number[] = [];
  let branch = 0;
  for (const { index, 1: word = "" } of text.matchAll(/^[ \t]*#[ \t]*(if|el|endif)/gm)) {
    if (word === "if") outer.push(branch);
    branch = word === "endif" ? (outer.pop() ?? 0) : starts.length;
    starts.push(index);
    numbers.push(branch);
  }
  return { starts, numbers };
}

/** The last of ascending starts, of which the first is 0, that is not beyond an offset. */
function startBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  for (let high = starts.length; high - low > 1; ) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** C source and where things are in it. */
export class SourceText {
  #lineStarts: readonly number[] | undefined;
  #branches: Branches | undefined;

  constructor(readonly text: string) {
    if (text.length > MAX_SOURCE_LENGTH) {
      throw new ArgumentError(
        `C declarations must have at most ${MAX_SOURCE_LENGTH} characters, got ${text.length}`,
      );
    }
  }

  /** `3:14`: line and column, both from 1. */
  position(offset: number): string {
    const { line, column } = this.#locate(offset);
    return `${line}:${column}`;
  }

  /**
   * The error for what stands at an offset. A declaration on one line is quoted whole; of a longer
   * source the line and a caret below the place.
   */
  problem(what: string, offset: number): ArgumentError {
    const { line, column, start } = this.#locate(offset);
    if (this.#lineCount() === 1 && this.text.length <= MAX_QUOTED) {
      return new ArgumentError(`C declaration "${this.text}": ${what} at column ${column}`);
    }
    const end = this.text.indexOf("\n", start);
    const whole = this.text.slice(start, end < 0 ? undefined : end).replace(/[\t\r]/g, " ");
    const from = Math.max(0, column - 1 - MAX_QUOTED / 2);
    const quoted = whole.slice(from, from + MAX_QUOTED);
    const caret = `${" ".repeat(column - 1 - from)}^`;
    return new ArgumentError(
      `C declaration ${line}:${column}: ${what}\n  ${quoted.trimEnd()}\n  ${caret}`,
    );
  }

  /**
   * Which branch of the preprocessor's conditions an offset is in: the same number for two places
   * that no `#if`, `#else` and so on tells apart.
   */
  branchAt(offset: number): number {
    this.#branches ??= branchesOf(this.text);
    const { starts, numbers } = this.#branches;
    return numbers[startBefore(starts, offset)] ?? 0;
  }

  #lineCount(): number {
    return this.#starts().length;
  }

  #locate(offset: number): { line: number; column: number; start: number } {
    const starts = this.#starts();
    const line = startBefore(starts, offset);
    const start = starts[line] ?? 0;
    return { line: line + 1, column: offset - start + 1, start };
  }

  /** The offsets of all lines; made for the first error, because most sources have none. */
  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) {
        starts.push(at + 1);
      }
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
