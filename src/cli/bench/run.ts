import { setImmediate as turn } from "node:timers/promises";
import { packageVersion } from "../../internal/version.js";
import type { Progress } from "../progress.js";
import { type BoundWay, checkAgreement } from "./agreement.js";
import { describeMachine, sourceCommit } from "./machine.js";
import { type Caller, createMeter, type Meter } from "./measure.js";
import { hashMillion } from "./million.js";
import {
  createKeys,
  createOperations,
  type Operation,
  randomInputs,
  timedInputs,
} from "./operations.js";
import { openPlaces, type Places } from "./places.js";
import { type Random, seededRandom, shuffled } from "./random.js";
import { type BenchReport, type Measurement, type OperationReport, WAYS } from "./report.js";
import { startServerProcess } from "./server.js";
import { percentileDefinition } from "./statistics.js";

/** How long everything takes, in milliseconds. */
interface Plan {
  readonly rounds: number;
  /** Of one operation in one way, in one round. */
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** Of real requests, for the rate of a million hashes over HTTP. */
  readonly millionSampleMs: number;
}

/**
 * 42 operations and ways in all: a third of a minute, and a good minute. Garbage is not collected
 * in between: V8 throws away compiled code as well, and far calls took twice as long afterwards.
 */
const quickPlan: Plan = { rounds: 2, sliceMs: 80, warmUpMs: 50, millionSampleMs: 600 };
const fullPlan: Plan = { rounds: 5, sliceMs: 280, warmUpMs: 200, millionSampleMs: 3000 };

/** Besides the timed inputs, as many random ones are tried for agreement. */
const agreementRounds = 4;

const sampleDefinition =
  "one call, timed alone; where a call takes less than 20 µs, the mean of as many calls as take " +
  "20 µs, because reading the clock costs about 50 ns";

export interface BenchOptions {
  readonly quick: boolean;
  readonly seed: number;
}

/**
 * Runs the bench. Aborting the signal ends it between two calls, and ends the server process.
 *
 * @throws CommandFailure when results differ or the server does not start
 */
export async function runBench(
  options: BenchOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<BenchReport> {
  const server = await startServerProcess(signal);
  try {
    const places = openPlaces(server.addresses);
    try {
      return await measurePlaces(places, options, progress, signal);
    } finally {
      await places.close();
    }
  } finally {
    await server.close();
  }
}

async function measurePlaces(
  { ways, missing }: Places,
  { quick, seed }: BenchOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<BenchReport> {
  const started = performance.now();
  const plan = quick ? quickPlan : fullPlan;
  const random = seededRandom(seed);
  const keys = createKeys();
  const operations = createOperations(timedInputs(random), keys);
  progress.update(0, "comparing the results of all ways");
  const tried = [operations];
  for (let round = 0; round < agreementRounds; round++) {
    tried.push(createOperations(randomInputs(random), keys));
  }
  const agreement = await checkAgreement(tried.flat(), ways);
  const cells = operations.flatMap((operation) => ways.map((way) => createCell(operation, way)));
  await runRounds(cells, plan, random, progress, signal);
  const million = await hashMillion(ways, plan.millionSampleMs, progress, signal);
  return {
    nearfar: packageVersion,
    commit: sourceCommit(),
    date: new Date().toISOString(),
    quick,
    seed,
    seconds: (performance.now() - started) / 1e3,
    machine: describeMachine(),
    method: { percentiles: percentileDefinition, samples: sampleDefinition },
    missing,
    agreement,
    operations: operations.map((operation) => reportOperation(operation, cells)),
    million,
  };
}

/** One operation in one way. */
interface Cell extends BoundWay {
  readonly operation: Operation;
  readonly meter: Meter;
}

function createCell(operation: Operation, { way, place }: BoundWay): Cell {
  const call = operation.bind(place);
  const { inFlight } = WAYS[way];
  const caller: Caller =
    way === "near" ? { kind: "sync", call } : { kind: "promise", call, inFlight };
  return { operation, way, place, meter: createMeter(caller) };
}

/** Every cell has its slice in every round, in another order each time. */
async function runRounds(
  cells: readonly Cell[],
  plan: Plan,
  random: Random,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const total = cells.length * (plan.rounds + 1);
  let done = 0;
  for (let round = 0; round <= plan.rounds; round++) {
    for (const { operation, way, meter } of shuffled(cells, random)) {
      const stage = round === 0 ? "warm-up" : `round ${round} of ${plan.rounds}`;
      progress.update(done++ / total, `${stage}: ${operation.label}, ${WAYS[way].label}`);
      if (round === 0) await meter.warmUp(plan.warmUpMs, signal);
      else await meter.runSlice(plan.sliceMs, signal);
      await turn(); // lets Ctrl-C through between synchronous slices
      signal.throwIfAborted();
    }
  }
}

function reportOperation({ id, label }: Operation, cells: readonly Cell[]): OperationReport {
  const readings = cells
    .filter(({ operation }) => operation.id === id)
    .map(({ way, meter }) => ({ way, ...meter.read() }));
  const near = readings.find(({ way }) => way === "near")?.callsPerSecond;
  const measurements = readings.map((reading): Measurement => {
    const nearTimes = near === undefined ? undefined : near / reading.callsPerSecond;
    return { ...reading, nearTimes };
  });
  return { id, label, measurements };
}
