// Ends in the middle of something: run.mjs starts one process for each moment and looks at its exit
// code. `exits.mjs` alone lists them.
import { Worker } from "node:worker_threads";
import { openCalls, openThreads, task } from "./support.mjs";

const EXIT_CODE = 7;
const c = openCalls();
const t = openThreads();
const numbers = { arguments: ["int32"], return: "int32" };
const exit = () => process.exit(EXIT_CODE);
const register = (listener, options) =>
  c.lib.registerCallback(numbers, listener, { keepAlive: true, ...options });

const MOMENTS = {
  "in a callback": () => c.call(exit, 1),
  "in a callback in a callback": () => c.call(() => c.call(exit, 1), 1),
  "in a callback of an asynchronous call": () => c.call.async(exit, 1),
  "with asynchronous calls in flight"() {
    for (let index = 0; index < 20_000; index++) c.sameText.async("text", "text");
    setImmediate(exit);
  },
  "with an asynchronous call that never ends"() {
    t.waitAtGate.async(1);
    setTimeout(exit, 1);
  },
  "with a vector call on threads"() {
    c.textAndNumber.map.async(["text", new Int32Array(500_000)]);
    setImmediate(exit);
  },
  "with threads that wait for a callback": () => t.startThreads(register(exit), 8, 1000),
  "with threads that go on calling"() {
    let calls = 0;
    t.startThreads(
      register((x) => (++calls === 50 ? exit() : x)),
      8,
      100_000,
    );
  },
  "with threads whose calls are queued"() {
    t.startThreads(
      register((x) => x, { thread: "queue" }),
      4,
      100_000,
    );
    setTimeout(exit, 1);
  },
  "in a getter of an argument"() {
    c.addPoints(
      {
        get x() {
          return exit();
        },
        y: 1,
      },
      { x: 1, y: 1 },
    );
  },
  "in a worker's callback"() {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
      workerData: { moment: "exit" },
      argv: [process.argv[2]],
    });
    worker.once("exit", exit);
  },
  async "with workers in the middle"() {
    const started = ["call", "callback", "threads", "handover"].map((moment) => {
      const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
        workerData: { moment },
        argv: [process.argv[2]],
      });
      return new Promise((resolve) => worker.once("message", resolve));
    });
    await Promise.all(started);
    exit();
  },
  "by an uncaught error in a callback of a thread"() {
    process.once("uncaughtException", exit);
    t.startThreads(
      register(() => {
        throw new Error("nobody's");
      }),
      4,
      100,
    );
  },
  "by the end of the program, with threads calling"() {
    process.exitCode = EXIT_CODE;
    t.startThreads(
      register((x) => x, { keepAlive: false }),
      4,
      100_000,
    );
  },
  "by the end of the program, with a call that was cut off"() {
    process.exitCode = EXIT_CODE;
    c.call.async((x) => x, 1);
  },
};

const names = Object.keys(MOMENTS);
if (task.moment === undefined) console.log(JSON.stringify(names));
else MOMENTS[names[task.moment]]();
