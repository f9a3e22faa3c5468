import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../src/ffi/index.js";
import { fixtureLibrary } from "../../support/compile.js";

const script = new URL("../../fixtures/worker.mjs", import.meta.url);
const module = new URL("../../../dist/ffi/index.js", import.meta.url).href;

function start(id: number, forever = false): { worker: Worker; answer: Promise<unknown> } {
  const workerData = { id, module, library: fixtureLibrary, forever };
  const worker = new Worker(script, { workerData });
  const answer = new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { worker, answer };
}

describe("worker threads", () => {
  it("each have an environment of their own: calls at the same time do not mix", async () => {
    const workers = [1, 2, 3, 4].map((id) => start(id));
    const answers = await Promise.all(workers.map(({ answer }) => answer));
    expect(answers).toEqual([1, 2, 3, 4].map((id) => ({ id, mismatches: 0 })));
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  });

  it("can be terminated in the middle of calls; the main thread goes on", async () => {
    const add = new DynamicLibrary(fixtureLibrary).getFunction(
      "int32_t add_int32(int32_t, int32_t)",
    );
    for (let round = 0; round < 5; round++) {
      const { worker, answer } = start(round, true);
      await answer;
      await worker.terminate();
      expect(add(round, 1)).toBe(round + 1);
    }
  });
});
