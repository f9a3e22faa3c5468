// Events from a thread of a C library: answered while the thread waits, or queued while it goes on.
//   node examples/ffi/progress.mjs
import { cdef, dlopen } from "nearfar/ffi";
import { compile } from "./support.mjs";

// From progress.c.
const header = cdef(`
  typedef int (*progress_fn)(void *context, const char *stage, int done, int total);
  typedef struct job job;
  job *job_start(int total, progress_fn progress, void *context);
  int job_finish(job *self);
`);
const { lib, functions } = dlopen(compile("progress.c", ["-pthread"]), header);

const { progress_fn: Progress } = header.types;

// "block": the worker waits for JavaScript's answer, which here stops it.
const ask = lib.registerCallback(
  Progress,
  (_context, stage, done, total) => {
    console.log(`${stage} ${done} of ${total}`);
    return done === 3 ? 1 : 0;
  },
  { thread: "block" },
);
const asked = functions.job_start(100, ask, null);
// By the thread pool: if JavaScript itself waited for the worker, neither would ever go on.
console.log("stopped after", await functions.job_finish.async(asked));
lib.unregisterCallback(ask);

// "queue": C gets 0 at once and goes on; JavaScript is told when it has time, in order.
const events = [];
await new Promise((resolve) => {
  const told = lib.registerCallback(
    Progress,
    (_context, stage, done, total) => {
      events.push(`${stage} ${done}`);
      if (done < total) return 0;
      lib.unregisterCallback(told);
      resolve();
      return 0;
    },
    { thread: "queue", keepAlive: true },
  );
  // Waits for the worker to end, which is before any of its events is told.
  const steps = functions.job_finish(functions.job_start(4, told, null));
  console.log("worked", steps, "told", events.length);
});
console.log(events.join(", "));

// An error has no caller in JavaScript on the worker's thread. C gets zero.
const fail = lib.registerCallback(Progress, () => {
  throw new Error("not now");
});
process.once("uncaughtException", (error) => console.log("uncaught", error.message));
console.log("worked", await functions.job_finish.async(functions.job_start(1, fail, null)));
lib.close();
