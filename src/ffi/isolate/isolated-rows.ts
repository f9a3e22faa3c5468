import type { RowExecutor } from "../call/map.js";
import type { Helper } from "./helper.js";
import { SharedRows } from "./shared-rows.js";

/**
 * Vector calls in a helper: one crossing for all rows. Asynchronous ones take their turn among the
 * helper's calls, on its one thread, so that the function need not be declared `threadSafe`.
 */
export function createIsolatedRows({ engine, heap, jobs }: Helper, index: number): RowExecutor {
  const { held } = engine.frame.scratch;
  return {
    run: (work) => engine.dispatch(new SharedRows(heap, work, held)),
    start: (work, finish, keep, holding) =>
      jobs.start(index, { rows: new SharedRows(heap, work, held), finish, keep, holding }),
    requireAsync() {
      // Any function can be.
    },
  };
}
