import type { Codec } from "./codec.js";
import { Mismatch } from "./mismatch.js";

/** The first branch that fits decides. */
export function unionCodec(branches: readonly Codec[]): Codec {
  const expected = branches.map((branch) => branch.expected).join(" or ");

  /** The mismatch to report: that of the one branch that came close, or all of them together. */
  const refusal = (value: unknown, mismatches: readonly Mismatch[]): Mismatch => {
    const close = mismatches.filter(
      ({ path, expected }, index) => path !== "" || expected !== branches[index]?.expected,
    );
    const [only] = close;
    return close.length === 1 && only !== undefined ? only : new Mismatch(expected, value);
  };

  const first = <T>(value: unknown, attempt: (branch: Codec) => T): T => {
    const mismatches: Mismatch[] = [];
    for (const branch of branches) {
      try {
        return attempt(branch);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        mismatches.push(error);
      }
    }
    throw refusal(value, mismatches);
  };

  return {
    expected,
    isPlain: branches.every((branch) => branch.isPlain),
    check: (value) => first(value, (branch) => branch.check(value)),
    toWire: (value, form) =>
      first(value, (branch) => {
        branch.check(value);
        return branch.toWire(value, form);
      }),
    fromWire: (wire, form) => first(wire, (branch) => branch.fromWire(wire, form)),
  };
}
