import { ArgumentError } from "../../errors/index.js";
import type { Engine } from "./engine.js";
import { startMapJob } from "./jobs.js";
import type { MapWork, RowExecutor } from "./map.js";

/** Vector calls in this process: here, or split over the thread pool. */
export function createRowExecutor({ binding }: Engine): RowExecutor {
  const call = ({ count, columns, views, resultOffset, out }: MapWork, job: number) =>
    binding.mapCalls(count, columns, views, resultOffset, out.bytes, out.view, job);
  return {
    run: (work) => call(work, 0),
    start: (work, finish, keep, holding) =>
      startMapJob((id) => call(work, id), finish, keep, holding),
    requireAsync({ name, signature }) {
      if (signature.isThreadSafe) return;
      throw new ArgumentError(
        `${name}.map.async calls from several threads: declare it { threadSafe: true } if it can`,
      );
    },
  };
}
