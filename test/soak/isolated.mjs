// Calls in a helper process, of all kinds: nothing of them may stay in this one.
import { judgeGrowth } from "./memory.mjs";
import { expectSame, ffi, task, types, until } from "./support.mjs";

const { lib, functions: c } = ffi.dlopen(
  task.calls,
  {
    call: "int32_t call(number_function function, int32_t x)",
    same_text: "int32_t same_text(const char *a, const char *b)",
    echo_int64: "int64_t echo_int64(int64_t x)",
    add_points: "struct point add_points(struct point a, struct point b)",
    scale_point: "void scale_point(struct point *point, double factor)",
  },
  { types, isolate: true },
);
const { lib: threads, functions: t } = ffi.dlopen(
  task.threads,
  {
    start_threads:
      "int32_t start_threads(number_function function, int32_t threads, int32_t calls)",
    join_threads: "void join_threads(void)",
  },
  { types, isolate: true },
);
const AT_ONCE = 500;
let seen = 0;
const queued = threads.registerCallback(
  { arguments: ["int32"], return: "int32" },
  () => {
    seen++;
    return 0;
  },
  { thread: "queue" },
);

/** Each runs about so many calls. */
const KINDS = {
  isolatedWaiting(count) {
    for (let index = 0; index < count; index += 5) {
      expectSame(c.echo_int64.sync(index), BigInt(index), "an int64");
      expectSame(c.same_text.sync(`text ${index}`, `text ${index}`), 1, "equality");
      expectSame(c.add_points.sync({ x: index, y: 1 }, { x: 1, y: 1 }).x, index + 1, "an x");
      const held = { x: index, y: 2 };
      c.scale_point.sync(held, 2);
      expectSame(held.x, index * 2, "an x that C wrote");
      expectSame(
        c.call.sync((x) => x + index, 1),
        index + 1,
        "a callback's result",
      );
    }
  },
  async isolatedPromises(count) {
    for (let done = 0; done < count; done += AT_ONCE) {
      const calls = Array.from({ length: AT_ONCE }, (_, index) =>
        index % 2 === 0 ? c.echo_int64(index) : c.call((x) => x, index),
      );
      for (const [index, result] of (await Promise.all(calls)).entries()) {
        expectSame(Number(result), index, "an asynchronous result");
      }
    }
  },
  async isolatedQueue(count) {
    const perRound = 200;
    for (let done = 0; done < count; done += perRound) {
      seen = 0;
      await t.start_threads(queued, 4, perRound / 4);
      await t.join_threads();
      await until(() => seen === perRound);
    }
  },
};

await judgeGrowth(task.kind, KINDS[task.kind], task.callsPerWindow);
lib.close();
threads.close();
