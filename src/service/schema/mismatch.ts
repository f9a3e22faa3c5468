import { argumentLabel, describeValue, EXPECTATIONS } from "../../errors/index.js";

/**
 * Another kind of value; the right kind outside of its limits; a property that is unknown; items
 * that are equal.
 */
export type MismatchCode = "type" | "value" | "unknown" | "duplicate";

/** A value, or a part of one, that does not fit its schema. Worded where its place is known. */
export class Mismatch extends Error {
  constructor(
    readonly expected: string,
    readonly value: unknown,
    /** Where in the value: `.items[2]`; empty for the value itself. */
    readonly path = "",
    readonly code: MismatchCode = "type",
  ) {
    super(expected);
    this.name = "Mismatch";
  }
}

/** `argument 1 (point).x must be a finite number, got NaN`; the wording of `argumentMessage`. */
export function argumentProblem(index: number, name: string, mismatch: Mismatch): string {
  return problem(argumentLabel(index, name), mismatch);
}

/** As `argumentProblem`, for a result. */
export function resultProblem(mismatch: Mismatch): string {
  return problem("result", mismatch);
}

/** As `argumentProblem`, for a value that is neither. */
export function valueProblem(mismatch: Mismatch): string {
  return problem("value", mismatch);
}

function problem(label: string, { path, expected, value }: Mismatch): string {
  const isDetached = expected === EXPECTATIONS.attachedBytes;
  const got = isDetached ? "a detached buffer" : describeValue(value);
  return `${label}${path} must be ${expected}, got ${got}`;
}

/** Runs a step inside a value; a mismatch there gets the step's place before its path. */
export function at<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new Mismatch(error.expected, error.value, place + error.path, error.code);
  }
}
