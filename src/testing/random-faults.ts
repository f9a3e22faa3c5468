import { ArgumentError, describeValue, type ServiceCode } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import type { Fault } from "./faulty-transport.js";
import { requireSeed } from "./generate-value.js";
import { integerFrom, randomOf } from "./random.js";

/** How often what goes wrong: each from 0 to 1, default 0, together at most 1. */
export interface FaultRates {
  /** The same seed, the same faults. A 32-bit integer, default 1. */
  readonly seed?: number;
  readonly delay?: number;
  /** The longest delay. Default 100. */
  readonly maxDelayMs?: number;
  readonly dropRequest?: number;
  readonly dropAnswer?: number;
  readonly hang?: number;
  readonly duplicate?: number;
  readonly error?: number;
  /** The code of those errors. Default "UNAVAILABLE". */
  readonly code?: Exclude<ServiceCode, "OK">;
}

const RATES = [
  ...(["delay", "dropRequest", "dropAnswer", "hang", "duplicate", "error"] as const),
] satisfies readonly (keyof FaultRates)[];

/** A plan for `faultyTransport` by chance, of which a seed decides. */
export function randomFaults(rates: FaultRates): () => Fault | undefined {
  requireKnownOptions(rates, [...RATES, "seed", "maxDelayMs", "code"], "randomFaults options");
  const { seed = 1, maxDelayMs = 100, code = "UNAVAILABLE" } = rates;
  requireSeed(seed);
  requireInteger(maxDelayMs, "maxDelayMs", 0, MAX_TIMEOUT_MS);
  requireRates(rates);
  const random = randomOf(seed);
  const faults = {
    delay: () => ({ delayMs: integerFrom(random, 0, maxDelayMs) }),
    dropRequest: () => ({ drop: "request" }),
    dropAnswer: () => ({ drop: "answer" }),
    hang: () => ({ hang: true }),
    duplicate: () => ({ duplicate: true }),
    error: () => ({ error: code }),
  } as const satisfies Record<(typeof RATES)[number], () => Fault>;
  return () => {
    let chance = random();
    for (const kind of RATES) {
      chance -= rates[kind] ?? 0;
      if (chance < 0) return faults[kind]();
    }
    return undefined;
  };
}

function requireRates(rates: FaultRates): void {
  let sum = 0;
  for (const kind of RATES) {
    const rate: unknown = rates[kind] ?? 0;
    if (typeof rate !== "number" || !(rate >= 0 && rate <= 1)) {
      throw new ArgumentError(`${kind} must be a number from 0 to 1, got ${describeValue(rate)}`);
    }
    sum += rate;
  }
  if (sum > 1) throw new ArgumentError(`the rates must be at most 1 together, got ${sum}`);
}
