import type { Codec, WireForm } from "./codec.js";
import { Mismatch, TooDeep } from "./mismatch.js";

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

  const firstOf = (value: unknown, attempt: (branch: Codec) => unknown): unknown => {
    const mismatches: Mismatch[] = [];
    for (const branch of branches) {
      try {
        return attempt(branch);
      } catch (error) {
        if (!(error instanceof Mismatch) || error instanceof TooDeep) throw error;
        mismatches.push(error);
      }
    }
    throw refusal(value, mismatches);
  };

  const check = onceForEach((value) => firstOf(value, (branch) => branch.check(value)));
  const readers = {
    json: onceForEach((wire) => firstOf(wire, (branch) => branch.fromWire(wire, "json"))),
    cbor: onceForEach((wire) => firstOf(wire, (branch) => branch.fromWire(wire, "cbor"))),
  } as const satisfies Record<WireForm, unknown>;
  return {
    expected,
    isPlain: branches.every((branch) => branch.isPlain),
    check,
    toWire: (value, form) =>
      firstOf(value, (branch) => {
        branch.check(value);
        return branch.toWire(value, form);
      }),
    fromWire: (wire, form) => readers[form](wire),
  };
}

/**
 * Judges each part of a value once in a run. Where a union contains itself, each of its branches
 * would otherwise judge all that is inside again, at each level: 2^n times, n levels down.
 */
function onceForEach(judge: (value: unknown) => unknown): (value: unknown) => unknown {
  let running = 0;
  const verdicts = new Map<object, Verdict>();
  return (value) => {
    if (typeof value !== "object" || value === null) return judge(value);
    const known = running > 0 ? verdicts.get(value) : undefined;
    if (known !== undefined) {
      if (known.mismatch !== undefined) throw known.mismatch;
      return known.result;
    }
    running++;
    try {
      const result = judge(value);
      if (running > 1) verdicts.set(value, { result });
      return result;
    } catch (error) {
      if (running > 1 && error instanceof Mismatch) verdicts.set(value, { mismatch: error });
      throw error;
    } finally {
      running--;
      if (running === 0 && verdicts.size > 0) verdicts.clear();
    }
  };
}

type Verdict =
  | { readonly result: unknown; readonly mismatch?: undefined }
  | { readonly mismatch: Mismatch };
