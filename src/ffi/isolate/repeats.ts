import type { Marshaller } from "../call/marshaller.js";
import { HelperEndedError } from "./ended.js";

export type AsyncCall = Marshaller & {
  abortable(signal: AbortSignal, ...args: unknown[]): unknown;
};

/** The two forms of an isolated function. */
export interface Forms {
  readonly sync: Marshaller;
  readonly async: AsyncCall;
}

/** Which calls may be made once more. */
export interface RepeatRules {
  /** The function is declared `idempotent`: any of its calls. */
  readonly isIdempotent: boolean;
  /** The isolate's option: calls that had not begun. */
  readonly repeatWaiting: boolean;
}

/**
 * The same function, whose calls are made once more, in the next helper, where their helper ended
 * and the rules allow it. Arguments are passed anew, because the helper may have written to its
 * copies. The second failure is the call's, and so is `ERR_ISOLATE_UNAVAILABLE` where no helper may
 * be started any more. A call that took longer than `timeoutMs` would do so again: it fails.
 */
export function withRepeats(forms: Forms, rules: RepeatRules): Forms {
  if (!rules.isIdempotent && !rules.repeatWaiting) return forms;
  const { sync, async: later } = forms;
  const isRepeatable = (error: unknown): boolean =>
    error instanceof HelperEndedError && (rules.isIdempotent || !error.mayHaveBegun);
  const repeatedly = async (call: () => unknown): Promise<unknown> => {
    try {
      return await call();
    } catch (error) {
      if (isRepeatable(error)) return await call();
      throw error;
    }
  };
  return {
    sync(...args) {
      try {
        return sync(...args);
      } catch (error) {
        if (isRepeatable(error)) return sync(...args);
        throw error;
      }
    },
    async: Object.assign((...args: unknown[]) => repeatedly(() => later(...args)), {
      abortable: (signal: AbortSignal, ...args: unknown[]) =>
        repeatedly(() => later.abortable(signal, ...args)),
    }),
  };
}
