import { ArgumentError, arityMessage } from "../../errors/index.js";
import {
  type Column,
  columnLabel,
  columnOf,
  mapError,
  type OutColumn,
  outColumn,
} from "./columns.js";
import type { Engine } from "./engine.js";
import type { FunctionSource } from "./foreign-function.js";
import { newCall, stageArgument, storeArgument } from "./marshal-interpreted.js";
import type { Lowered, PlanName, Refusals } from "./marshaller.js";

/** The function that a vector call repeats. */
export interface MapTarget {
  readonly engine: Engine;
  readonly source: FunctionSource;
  readonly lowered: Lowered;
  readonly plan: PlanName;
  readonly refusals: Refusals;
  readonly executor: RowExecutor;
}

/** Makes vector calls of the plan, and with the constants, in the frame. */
export interface RowExecutor {
  run(work: MapWork): void;
  /**
   * What is held beyond the first `holding` stays until the calls are over. `finish` gives what the
   * promise does.
   */
  start<T>(work: MapWork, finish: () => T, keep: readonly unknown[], holding: number): Promise<T>;
  /** Throws what forbids to call the function asynchronously. */
  requireAsync(source: FunctionSource): void;
}

/** A vector call: what `mapCalls` takes of it. */
export interface MapWork {
  readonly count: number;
  readonly columns: Uint32Array;
  readonly views: readonly ArrayBufferView[];
  readonly resultOffset: number;
  readonly out: OutColumn;
}

/**
 * `map(columns, out?)`: a call for each row of some typed arrays, in one crossing. A column may
 * also be a constant. Gives the results as a typed array, or fills `out`; `null` for `out` drops
 * them.
 */
export interface Mapper {
  (columns: readonly unknown[], out?: ArrayBufferView | null): ArrayBufferView | undefined;
  /** Splits the rows over the thread pool; for functions that are declared `threadSafe`. */
  async(
    columns: readonly unknown[],
    out?: ArrayBufferView | null,
  ): Promise<ArrayBufferView | undefined>;
}

/** `owner` is kept: collecting it gives the plan back. */
export function createMapper(target: MapTarget, owner: object): Mapper {
  const map = (columns: readonly unknown[], out?: ArrayBufferView | null) =>
    runMap(target, columns, out);
  const async = (columns: readonly unknown[], out?: ArrayBufferView | null) =>
    startMap(target, columns, out);
  return Object.assign(map, { async, owner: () => owner });
}

function runMap(
  target: MapTarget,
  columns: readonly unknown[],
  out: unknown,
): ArrayBufferView | undefined {
  const { engine, refusals } = target;
  const { frame } = engine;
  const { scratch } = frame;
  const { top } = scratch;
  const holding = scratch.held.length;
  try {
    const { work } = prepare(target, columns, out);
    if (work.count > 0) target.executor.run(work);
    const status = frame.u32[frame.statusIndex];
    if (status) refusals.status(status);
    return work.out.view;
  } finally {
    scratch.top = top;
    engine.release(holding);
  }
}

/**
 * Memory of its own for what constants point to: scratch space is for the current call only. It is
 * given back before this returns: by the time the job is done, other calls use it.
 */
function startMap(
  target: MapTarget,
  columns: readonly unknown[],
  out: unknown,
): Promise<ArrayBufferView | undefined> {
  const { engine, source, refusals, executor } = target;
  const { frame } = engine;
  const { scratch } = frame;
  const { top, end } = scratch;
  const holding = scratch.held.length;
  scratch.end = 0;
  try {
    executor.requireAsync(source);
    const { work, staged } = prepare(target, columns, out);
    if (work.count === 0) return Promise.resolve(work.out.view);
    const finish = () => {
      const status = frame.u32[frame.statusIndex];
      if (status) refusals.status(status);
      return work.out.view;
    };
    return executor.start(work, finish, [columns, work, staged, target], holding);
  } catch (error) {
    return Promise.reject(error);
  } finally {
    scratch.top = top;
    scratch.end = end;
    engine.release(holding);
  }
}

/** Checks everything, and leaves constants and the plan in the frame. */
function prepare(
  target: MapTarget,
  values: readonly unknown[],
  out: unknown,
): { readonly work: MapWork; readonly staged: ReadonlyMap<number, unknown> } {
  const { engine, lowered, refusals, source, plan } = target;
  const { name } = source;
  const { result } = lowered;
  if (!Array.isArray(values) || values.length !== lowered.arguments.length) {
    const got = Array.isArray(values) ? values.length : 0;
    throw mapError(name, arityMessage(String(lowered.arguments.length), got));
  }
  if (result.how !== "scalar" || lowered.capturesError) {
    throw new ArgumentError(`${name}.map gives one number a call: no structs, no errno`);
  }
  const columns = lowered.arguments.map((argument) =>
    columnOf(argument, source, values[argument.index]),
  );
  const rows = commonCount(columns, source);
  const call = newCall(false);
  const constants = lowered.arguments.filter(({ index }) => columns[index] === undefined);
  for (const argument of constants) stageArgument(argument, values, refusals, call);
  for (const argument of constants) storeArgument(engine, argument, values, refusals, call);
  const taken = outColumn(name, result, out, rows);
  engine.frame.u32[engine.frame.planIndex] = plan.index;
  return {
    work: {
      count: taken.count,
      ...describeColumns(columns),
      resultOffset: result.offset,
      out: taken,
    },
    staged: call.staged,
  };
}

function commonCount(
  columns: readonly (Column | undefined)[],
  source: FunctionSource,
): number | undefined {
  let count: number | undefined;
  for (const [index, column] of columns.entries()) {
    if (column === undefined) continue;
    count ??= column.count;
    if (column.count !== count) {
      const label = columnLabel(source, index);
      throw mapError(
        source.name,
        `${label} must have ${count} elements, as the first column, got ${column.count}`,
      );
    }
  }
  return count;
}

function describeColumns(
  columns: readonly (Column | undefined)[],
): Pick<MapWork, "columns" | "views"> {
  const views: ArrayBufferView[] = [];
  const numbers: number[] = [];
  for (const column of columns) {
    if (column === undefined) continue;
    for (const { offset, width, bytes, isSigned, from } of column.parts) {
      numbers.push(offset, width, bytes, Number(isSigned), from, views.length);
    }
    views.push(column.view);
  }
  return { columns: Uint32Array.from(numbers), views };
}
