import { CommandFailure } from "../failure.js";
import type { Operation, Place } from "./operations.js";
import { type AgreementReport, WAYS, type WayId } from "./report.js";

/** A way together with the place whose functions it calls. */
export interface BoundWay {
  readonly way: WayId;
  readonly place: Place;
}

/** Enough at once to mix answers up if that could happen; 64 of 1 MiB take a second each time. */
const mostAtOnce = 8;

/**
 * Calls every operation in every way, several at once where the way has several in flight, and
 * compares what comes back with each other and with `node:crypto`. Numbers for different results
 * would be worthless, so the first difference ends the bench.
 *
 * @throws CommandFailure that names the operation and the ways
 */
export async function checkAgreement(
  operations: readonly Operation[],
  ways: readonly BoundWay[],
): Promise<AgreementReport> {
  let calls = 0;
  for (const operation of operations) {
    let agreed = operation.expected;
    let source = "node:crypto";
    for (const { way, place } of ways) {
      const call = operation.bind(place);
      const length = Math.min(WAYS[way].inFlight, mostAtOnce);
      const results = await Promise.all(Array.from({ length }, call));
      for (const result of results) {
        const comparable = toComparable(result);
        agreed ??= comparable;
        if (!Object.is(comparable, agreed)) throw disagreement(operation, source, way);
      }
      if (operation.expected === undefined) source = WAYS[way].label;
      calls += results.length;
    }
  }
  return { ways: ways.map(({ way }) => way), calls };
}

/** Bytes compare as hex: near they are a Buffer, far a Uint8Array out of JSON. */
function toComparable(result: unknown): string | boolean | number {
  if (result instanceof Uint8Array) return Buffer.from(result).toString("hex");
  switch (typeof result) {
    case "string":
    case "boolean":
    case "number":
      return result;
    default:
      throw new CommandFailure(
        `a result is of type ${typeof result}, which nothing can agree with`,
      );
  }
}

function disagreement(operation: Operation, source: string, way: WayId): CommandFailure {
  return new CommandFailure(
    `results differ: ${operation.label} gives one thing by ${source} and another by ` +
      `"${WAYS[way].label}"; nothing was measured`,
  );
}
