import { poolThreads } from "../../internal/pool-threads.js";
import { releaseHeld, requireEngine } from "./engine.js";
import type { StartJob } from "./marshaller.js";

/** An asynchronous call that is not finished. */
interface Job {
  readonly finish: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** What must stay alive until then: arguments, copies, callbacks. */
  readonly keep: readonly unknown[];
  readonly held: readonly unknown[];
  readonly stopListening: (() => void) | undefined;
  /** What a callback of the call threw. */
  thrown: { readonly error: unknown } | undefined;
}

const jobs = new Map<number, Job>();
let lastJob = 0;
let isReady = false;

/** Keeps what a callback threw for the asynchronous call it ran in. */
export function failJob(id: number, error: unknown): void {
  const job = jobs.get(id);
  if (job !== undefined) job.thrown = { error };
}

/** Starts jobs: those of one `queue` run one at a time; -1 is none. */
export function jobStarter(queue: number, signal?: AbortSignal): StartJob {
  return (finish, keep, holding) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return startJob(queue, signal, finish, keep, holding);
  };
}

function startJob(
  queue: number,
  signal: AbortSignal | undefined,
  finish: () => unknown,
  keep: readonly unknown[],
  holding: number,
): Promise<unknown> {
  const { binding, frame } = requireEngine();
  prepare();
  const id = nextJob();
  return new Promise((resolve, reject) => {
    binding.startJob(id, queue);
    const held = frame.scratch.held.splice(holding);
    const stopListening = signal && onAbort(signal, id);
    jobs.set(id, { finish, resolve, reject, keep, held, stopListening, thrown: undefined });
  });
}

/**
 * Runs vector calls that are in the frame; `start` hands them to native code. What is held beyond
 * the first `holding` stays until they are over.
 */
export function startMapJob<T>(
  start: (id: number) => void,
  finish: () => T,
  keep: readonly unknown[],
  holding: number,
): Promise<T> {
  prepare();
  const id = nextJob();
  return new Promise<unknown>((resolve, reject) => {
    start(id);
    const held = requireEngine().frame.scratch.held.splice(holding);
    const stopListening = undefined;
    jobs.set(id, { finish, resolve, reject, keep, held, stopListening, thrown: undefined });
  }) as Promise<T>;
}

/** Numbers come round after 2^31 jobs; those still in use are passed over, and 0 is none. */
function nextJob(): number {
  do lastJob = (lastJob % 0x7fffffff) + 1;
  while (jobs.has(lastJob));
  return lastJob;
}

function prepare(): void {
  if (isReady) return;
  requireEngine().binding.setJobHandler(finishJobs, poolThreads());
  isReady = true;
}

function onAbort(signal: AbortSignal, id: number): () => void {
  const listener = () => {
    const job = jobs.get(id);
    // A job that runs already cannot be stopped: C has no way to be told.
    if (job === undefined || !requireEngine().binding.cancelJob(id)) return;
    jobs.delete(id);
    releaseHeld(job.held);
    job.reject(signal.reason);
  };
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

/** Settles the promises of the jobs that are finished. */
function finishJobs(): void {
  const { binding, frame } = requireEngine();
  for (;;) {
    const id = binding.takeJob();
    if (id < 0) return;
    const job = jobs.get(id);
    if (job === undefined) continue;
    jobs.delete(id);
    job.stopListening?.();
    releaseHeld(job.held);
    if (job.thrown !== undefined) {
      frame.u32[frame.statusIndex] = 0;
      job.reject(job.thrown.error);
      continue;
    }
    try {
      job.resolve(job.finish());
    } catch (error) {
      job.reject(error);
    }
  }
}
