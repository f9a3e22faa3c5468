// Gets into the middle of something, says so, and stays there until it is terminated.
import { parentPort, workerData } from "node:worker_threads";
import { openCalls, openThreads } from "./support.mjs";

const c = openCalls();
const t = openThreads();
const numbers = { arguments: ["int32"], return: "int32" };
const say = () => parentPort.postMessage("in the middle");

const MOMENTS = {
  call() {
    say();
    for (;;) c.sameText("text", "text");
  },
  callback() {
    c.call(() => {
      say();
      for (;;) c.call((x) => x, 1);
    }, 1);
  },
  async() {
    for (let index = 0; index < 500; index++) {
      c.call.async((x) => x + 1, index);
      c.sameText.async("text", "text");
    }
    t.waitAtGate.async(1);
    say();
  },
  map() {
    const column = Int32Array.from({ length: 200_000 }, (_, index) => index);
    c.textAndNumber.map.async(["text", column]);
    say();
  },
  threads() {
    const address = c.lib.registerCallback(
      numbers,
      () => {
        say();
        for (;;);
      },
      { keepAlive: true },
    );
    t.startThreads(address, 3, 5);
  },
  queued() {
    const options = { thread: "queue", keepAlive: true };
    t.startThreads(
      c.lib.registerCallback(numbers, (x) => x, options),
      3,
      500,
    );
    say();
  },
  exit() {
    c.call(() => process.exit(3), 1);
  },
  /** A thread calls, and its callback's result is on the way. */
  handover() {
    const listener = (x) => {
      if (x === 1) say();
      return x;
    };
    const address = c.lib.registerCallback(numbers, listener, { keepAlive: true });
    t.startThreads(address, 2, 100_000);
  },
};

// Not in the module's own evaluation: from Node 22 on V8 aborts when a module that waited for
// another is terminated in the middle of that, with nothing of ours in the process.
setImmediate(MOMENTS[workerData.moment]);
