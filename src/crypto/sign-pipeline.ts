import { setImmediate } from "node:timers/promises";
import { detachedError, type Input, isDetached, type View } from "./data.js";
import { boundOf, copyAll, copyLong, isShort, PIECE_BYTES } from "./staging.js";

/** One signature to make or to check, as the caller gave it. */
export interface Request<Way> {
  readonly way: Way;
  readonly data: Input;
  readonly signature?: View;
}

/** The same in memory that nobody else has; where there is no signature, it has no bytes. */
export interface StagedRequest<Way> {
  readonly way: Way;
  readonly data: View;
  readonly signature: View;
}

export interface Work<Way, Result> {
  readonly count: number;
  /** Checks what was given at an index, and opens its key. */
  readonly read: (index: number) => Request<Way>;
  readonly run: (batch: readonly StagedRequest<Way>[]) => Promise<Result[]>;
  /** How messages call the data and the signature at an index. */
  readonly namesAt: (index: number) => { readonly data: string; readonly signature: string };
  readonly signal: AbortSignal | undefined;
}

/**
 * Signatures of a batch at most: 2 ms of a thread's time. The event loop waits while a batch is
 * handed over and the results of another are taken.
 */
const BATCH_ITEMS = 128;

/** How long reading keys and data may take before the event loop has its turn. */
const TURN_MS = 1;

/**
 * Reads, copies and runs requests in batches, one of which is prepared while another runs. The
 * results are in order.
 */
export async function runInBatches<Way, Result>(work: Work<Way, Result>): Promise<Result[]> {
  const results: Result[] = [];
  let running: Promise<Result[]> = Promise.resolve([]);
  for await (const batch of batchesOf(work)) {
    const next = work.run(batch);
    next.catch(() => {}); // Its error is for the await below; if the one before fails, for nobody.
    results.push(...(await running));
    running = next;
  }
  results.push(...(await running));
  return results;
}

async function* batchesOf<Way, Result>(
  work: Work<Way, Result>,
): AsyncGenerator<StagedRequest<Way>[]> {
  let batch: Request<Way>[] = [];
  let bytes = 0;
  let turn = performance.now();
  for (let index = 0; index < work.count; index++) {
    if (performance.now() - turn > TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
    work.signal?.throwIfAborted();
    const request = work.read(index);
    const size = boundOf(request.data);
    if (batch.length === BATCH_ITEMS || (batch.length > 0 && bytes + size > PIECE_BYTES)) {
      yield await stage(work, batch, index - batch.length);
      batch = [];
      bytes = 0;
    }
    batch.push(request);
    bytes += size;
  }
  if (batch.length > 0) yield await stage(work, batch, work.count - batch.length);
}

/** Copies what the requests refer to; `first` is the index of the first of them. */
async function stage<Way, Result>(
  { namesAt }: Work<Way, Result>,
  batch: readonly Request<Way>[],
  first: number,
): Promise<StagedRequest<Way>[]> {
  const long: (View | undefined)[] = [];
  for (const [index, { data }] of batch.entries()) {
    const copy = isShort(data) ? undefined : await copyLong(data);
    if (copy === undefined && !isShort(data)) throw detachedError(1, namesAt(first + index).data);
    long.push(copy);
  }
  const short = batch.flatMap(({ data, signature = "" }, index) => {
    const names = namesAt(first + index);
    if (long[index] === undefined && isDetached(data)) throw detachedError(1, names.data);
    if (isDetached(signature)) throw detachedError(2, names.signature);
    return [long[index] === undefined ? data : "", signature];
  });
  const copies = copyAll(short);
  return batch.map(({ way }, index) => ({
    way,
    data: long[index] ?? (copies[2 * index] as View),
    signature: copies[2 * index + 1] as View,
  }));
}
