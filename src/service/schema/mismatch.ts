import { argumentLabel, describeValue, EXPECTATIONS } from "../../errors/index.js";

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

/** Runs a step inside a value; a mismatch there gets the step's place before its path. */
export function at<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw error.within(place);
  }
}
