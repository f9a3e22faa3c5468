import { ServiceError } from "../errors/index.js";

/** What has become of a call that was begun without waiting for it. */
export type CallStatus = "IN_PROGRESS" | "OK" | "FAILED" | "CANCELLED" | "TIMEOUT";

/** How a call has ended. */
export type CallOutcome =
  | { readonly status: "OK"; readonly value: unknown }
  | { readonly status: "FAILED" | "CANCELLED" | "TIMEOUT"; readonly error: ServiceError };

interface Entry {
  readonly owner: string | undefined;
  readonly controller: AbortController;
  readonly done: Promise<CallOutcome>;
  outcome: CallOutcome | undefined;
}

/**
 * Calls in progress, and results that nobody has asked for: what a forgetful caller can pile up.
 */
const MAX_RUNNING = 1_000;
const MAX_FINISHED = 1_000;
/** How long a result is kept: 5 min. */
const KEEP_MS = 300_000;

/** Calls that were begun without waiting for them, in memory, by identifiers nobody can guess. */
export class CallRegistry {
  private readonly running = new Map<string, Entry>();
  /** The oldest first. */
  private readonly finished = new Map<string, Entry>();

  /**
   * Begins a call; `run` gets the signal that `cancel` aborts. Only its owner finds it. Throws
   * RESOURCE_EXHAUSTED where too many are in progress.
   */
  start(
    owner: string | undefined,
    run: (signal: AbortSignal) => Promise<unknown>,
    toError: (error: unknown) => ServiceError,
  ): string {
    if (this.running.size >= MAX_RUNNING) {
      const message = `${MAX_RUNNING} calls are in progress; wait for one, or cancel it`;
      throw new ServiceError("RESOURCE_EXHAUSTED", message);
    }
    const id = crypto.randomUUID();
    const controller = new AbortController();
    const done = run(controller.signal).then<CallOutcome, CallOutcome>(
      (value) => ({ status: "OK", value }),
      (error: unknown) => failed(toError(error)),
    );
    const entry: Entry = { owner, controller, done, outcome: undefined };
    this.running.set(id, entry);
    void done.then((outcome) => this.finish(id, entry, outcome));
    return id;
  }

  status(owner: string | undefined, id: string): CallStatus {
    return this.find(owner, id).outcome?.status ?? "IN_PROGRESS";
  }

  /** How the call has ended; undefined if it has not within `waitMs`. */
  async result(
    owner: string | undefined,
    id: string,
    waitMs: number,
  ): Promise<CallOutcome | undefined> {
    const { done, outcome } = this.find(owner, id);
    if (outcome !== undefined || waitMs === 0) return outcome;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), waitMs);
    });
    return Promise.race([done, late]).finally(() => clearTimeout(timer));
  }

  /**
   * Whether it was in progress still. Its handler's signal aborts; nobody waits for the handler.
   */
  cancel(owner: string | undefined, id: string): boolean {
    const entry = this.find(owner, id);
    if (entry.outcome !== undefined) return false;
    const error = new ServiceError("CANCELLED", "the call was cancelled");
    this.finish(id, entry, failed(error));
    entry.controller.abort(error);
    return true;
  }

  private find(owner: string | undefined, id: string): Entry {
    const entry = this.running.get(id) ?? this.finished.get(id);
    if (entry !== undefined && entry.owner === owner) return entry;
    throw new ServiceError("NOT_FOUND", "no such call, or its result is no longer kept");
  }

  private finish(id: string, entry: Entry, outcome: CallOutcome): void {
    if (entry.outcome !== undefined) return;
    entry.outcome = outcome;
    this.running.delete(id);
    this.finished.set(id, entry);
    const [oldest] = this.finished.keys();
    if (this.finished.size > MAX_FINISHED && oldest !== undefined) this.finished.delete(oldest);
    setTimeout(() => this.finished.delete(id), KEEP_MS).unref();
  }
}

function failed(error: ServiceError): CallOutcome {
  if (error.code === "CANCELLED") return { status: "CANCELLED", error };
  return { status: error.code === "DEADLINE_EXCEEDED" ? "TIMEOUT" : "FAILED", error };
}
