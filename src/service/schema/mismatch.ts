import { argumentLabel, describeValue, EXPECTATIONS } from "../../errors/index.js";
import { MAX_DEPTH } from "../../internal/limits.js";

/**
 * Another kind of value; the right kind outside of its limits; a property that is unknown; items
 * that are equal.
 */
export type MismatchCode = "type" | "value" | "unknown" | "duplicate";

/**
 * A value, or a part of one, that does not fit its schema. Worded where its place is known. Thrown,
 * but no Error: it never leaves this package, unions throw it of values that are right, and a stack
 * for each level of nesting would cost more than the check.
 */
export class Mismatch {
  constructor(
    readonly expected: string,
    readonly value: unknown,
    /** Where in the value: `.items[2]`; empty for the value itself. */
    readonly path = "",
    readonly code: MismatchCode = "type",
  ) {}

  /** The same, seen from further out. */
  within(place: string): Mismatch {
    return new Mismatch(this.expected, this.value, place + this.path, this.code);
  }

  /** In words, of the value that is called `label`. */
  describe(label: string): string {
    const isDetached = this.expected === EXPECTATIONS.attachedBytes;
    const got = isDetached ? "a detached buffer" : describeValue(this.value);
    return `${label}${this.path} must be ${this.expected}, got ${got}`;
  }
}

/** A refusal in the words of another schema library, which may quote the value. */
export class LibraryMismatch extends Mismatch {
  constructor(message: string, value: unknown, path: string) {
    super(message, value, path, "value");
  }

  override within(place: string): LibraryMismatch {
    return new LibraryMismatch(this.expected, this.value, place + this.path);
  }

  override describe(label: string): string {
    return `${label}${this.path}: ${this.expected}`;
  }
}

/** How many places are told of where a value is too deep. */
const PLACES_TOLD = 3;

/**
 * A value that is nested too deeply, or contains itself. Ends the whole check: no other branch of a
 * union could do better, and trying all at each level would take for ever.
 */
export class TooDeep extends Mismatch {
  constructor(private readonly places: readonly string[] = []) {
    super(`nested at most ${MAX_DEPTH} levels deep`, null, "", "value");
  }

  /** The whole place would be as long as the value is deep. */
  override within(place: string): TooDeep {
    return new TooDeep([place, ...this.places.slice(0, PLACES_TOLD - 1)]);
  }

  override describe(label: string): string {
    return `${label}${this.places.join("")}... must not be nested deeper than ${MAX_DEPTH} levels`;
  }
}

/**
 * `argument 1 (point).x must be a finite number, got NaN`; the wording of `argumentMessage`. Where
 * the value is a secret, nobody else's words are told.
 */
export function argumentProblem(
  index: number,
  name: string,
  mismatch: Mismatch,
  isSecret = false,
): string {
  const label = argumentLabel(index, name);
  if (isSecret && mismatch instanceof LibraryMismatch) {
    return `${label}${mismatch.path} does not fit its schema`;
  }
  return mismatch.describe(label);
}

/** As `argumentProblem`, for an item of a stream, counted from 1. */
export function itemProblem(number: number, name: string, mismatch: Mismatch): string {
  return mismatch.describe(`item ${number} (${name})`);
}

/** Arrays and objects around what is looked at; nothing that looks at values waits meanwhile. */
let depth = 0;

/** Runs a step inside a value; a mismatch there gets the step's place before its path. */
export function at<T>(place: string, step: () => T): T {
  depth++;
  try {
    const result = step();
    depth--;
    return result;
  } catch (error) {
    depth--;
    if (!(error instanceof Mismatch)) throw error;
    throw error.within(place);
  }
}

/** How many levels a value may have here. */
export function levelsLeft(): number {
  return MAX_DEPTH - depth;
}

/** To be asked before looking into an array or an object. */
export function requireShallow(): void {
  if (depth >= MAX_DEPTH) throw new TooDeep();
}

/** Runs a step inside a message of ours: levels count from there, but for one, a list's. */
export function atRoot<T>(step: () => T): T {
  const around = depth;
  depth = -1;
  try {
    return step();
  } finally {
    depth = around;
  }
}
