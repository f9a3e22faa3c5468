// Calls of one kind, by the million, none of which may leave anything behind.
import { judgeGrowth } from "./memory.mjs";
import { expectSame, ffi, openCalls, openThreads, task, types } from "./support.mjs";

const c = openCalls();
const t = openThreads();
const { point: Point } = types.types;
const long = "é".repeat(40_000);
const points = Array.from({ length: 20 }, (_, index) => ({ x: index, y: -index }));
const huge = { bytes: new Array(100_000).fill(1) };
const numbers = { arguments: ["int32"], return: "int32" };
const AT_ONCE = 1000;

/** Each runs about so many calls. */
const KINDS = {
  scalars(count) {
    for (let index = 0; index < count; index += 2) {
      expectSame(c.echoInt64(index), BigInt(index), "an int64");
      expectSame(c.echoInt64(-1n), -1n, "an int64");
    }
  },
  strings(count) {
    for (let index = 0; index < count; index += 4) {
      expectSame(c.sameText(`text ${index}`, `text ${index}`), 1, "equality");
      expectSame(c.echoWide(`wide ${index} 🌍`), `wide ${index} 🌍`, "a wide string");
      expectSame(c.textAndNumber("é".repeat(30), 1), 6001, "a length");
      if (index % 400 === 0) expectSame(c.sameText(long, long), 1, "equality of long strings");
    }
  },
  structs(count) {
    for (let index = 0; index < count; index += 5) {
      expectSame(c.addPoints({ x: index, y: 1 }, { x: 1, y: 1 }).x, index + 1, "a struct's x");
      const held = { x: index, y: 2 };
      c.scalePoint(held, 2);
      expectSame(held.x, index * 2, "an x that C wrote");
      const view = Point.view();
      view.x = index;
      expectSame(c.addPoints(view, view).x, index * 2, "a view's x");
      expectSame(c.sumPoints(points, 20), 0, "a sum of points");
      if (index % 20_000 === 0) expectSame(c.sumHuge(huge), 100_000, "a huge struct's sum");
      c.sumLarge({ numbers: new Array(40).fill(1), total: 0 });
    }
  },
  callbacks(count) {
    for (let index = 0; index < count; index += 5) {
      expectSame(
        c.call((x) => x + index, 1),
        index + 1,
        "a callback's result",
      );
      c.callEach(() => undefined, 2);
      expectSame(c.mapPoint(({ x, y }) => ({ x: y, y: x }), { x: 1, y: 2 }).x, 2, "a struct's x");
      expectSame(
        c.callWithText((text) => text.length, "text"),
        4,
        "a length",
      );
      if (index % 50 === 0) registerAndUnregister();
    }
  },
  refusals(count) {
    for (let index = 0; index < count; index += 4) {
      refused(() => c.echoInt64("no"));
      refused(() => c.addPoints({ x: 1, y: 1 }, { x: 1 }));
      refused(() => c.sameText("text", "a\0b"));
      refused(() =>
        c.call(() => {
          throw new Error("by the callback");
        }, 1),
      );
    }
  },
  async async(count) {
    for (let done = 0; done < count; done += AT_ONCE) {
      const calls = Array.from({ length: AT_ONCE }, (_, index) => asyncCall(index));
      for (const [index, result] of (await Promise.all(calls)).entries()) {
        expectSame(result, ASYNC_RESULTS[index % 5](index), "an asynchronous result");
      }
    }
  },
  async map(count) {
    const column = Int32Array.from({ length: AT_ONCE }, (_, index) => index);
    const wide = BigInt64Array.from(column, BigInt);
    for (let done = 0; done < count; done += 3 * AT_ONCE) {
      expectSame(c.echoInt64.map([wide])[999], 999n, "a row");
      const out = new Int32Array(AT_ONCE);
      c.textAndNumber.map(["same", column], out);
      expectSame(out[5], 405, "a row of an output column");
      expectSame((await c.textAndNumber.map.async(["ab", column]))[7], 207, "a row of a thread");
    }
  },
  async threads(count) {
    const perRound = 200;
    for (let done = 0; done < count; done += 2 * perRound) {
      for (const thread of ["block", "queue"]) {
        let seen = 0;
        const address = c.lib.registerCallback(
          numbers,
          (x) => {
            seen++;
            return x;
          },
          { thread },
        );
        t.startThreads(address, 4, perRound / 4);
        await t.joinThreads.async();
        while (seen < perRound) await new Promise((resolve) => setImmediate(resolve));
        c.lib.unregisterCallback(address);
      }
    }
  },
  async libraries(count) {
    for (let index = 0; index < count; index++) {
      const lib = new ffi.DynamicLibrary(task.calls, { types });
      const call = lib.getFunction("int32_t text_and_number(const char *text, int32_t number)");
      if (index % 10 === 0) expectSame(await call.async("abc", index), 300 + index, "a result");
      else expectSame(call("abc", index), 300 + index, "a result");
      lib.close();
    }
  },
  resolving(count) {
    const address = c.call.pointer;
    for (let index = 0; index < count; index++) {
      const call = c.lib.getFunctionAt(address, "int32_t (*)(int32_t (*)(int32_t), int32_t)");
      if (index % 10 === 0)
        expectSame(
          call((x) => x + 1, index),
          index + 1,
          "a result",
        );
    }
  },
};

const ASYNC_RESULTS = [
  (index) => BigInt(index),
  () => 1,
  (index) => index + 1,
  () => "refused",
  () => "aborted",
];

function asyncCall(index) {
  switch (index % 5) {
    case 0:
      return c.echoInt64.async(index);
    case 1:
      return c.sameText.async(`text ${index}`, `text ${index}`);
    case 2:
      return c.call.async((x) => x + 1, index);
    case 3:
      return c.echoInt64.async("no").catch(() => "refused");
    default: {
      const controller = new AbortController();
      const call = c.textAndNumber.async.abortable(controller.signal, "abc", index);
      controller.abort();
      return call.then(
        () => "aborted",
        () => "aborted",
      );
    }
  }
}

function registerAndUnregister() {
  const address = c.lib.registerCallback(numbers, (x) => x * 3);
  expectSame(c.call(address, 4), 12, "a registered callback's result");
  c.lib.unregisterCallback(address);
}

function refused(call) {
  try {
    call();
  } catch {
    return;
  }
  throw new Error("a call that was to be refused was made");
}

// Released callbacks are kept for a while, so that a late call from C finds nothing: up to 4096.
for (let index = 0; index < 4200; index++) registerAndUnregister();
await judgeGrowth(task.kind, KINDS[task.kind], task.callsPerWindow);
c.lib.close();
t.lib.close();
