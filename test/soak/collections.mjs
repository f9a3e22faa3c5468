// The same answers when the collector runs at the worst of times: between and inside of calls.
import { collect, expectSame, ffi, openCalls, task, turn, types } from "./support.mjs";

const c = openCalls();
const numbers = { arguments: ["int32"], return: "int32" };
const { point: Point } = types.types;
const pointer = c.lib.registerCallback(
  numbers,
  collecting((x) => x + 1),
);

for (let round = 0; round < task.rounds; round++) {
  const text = `text of round ${round} `.repeat(1 + (round % 200));
  expectSame(
    c.callWithText(
      collecting((seen) => Number(seen === text)),
      text,
    ),
    1,
    "a text",
  );
  expectSame(c.call(pointer, round), round + 1, "a registered callback's result");
  const huge = { bytes: new Array(100_000).fill(round & 1) };
  expectSame(c.callThenSumHuge(collect, huge), (round & 1) * 100_000, "a huge struct's sum");
  const swap = collecting(({ x, y }) => Object.assign(Point.view(), { x: y, y: x }));
  expectSame(c.mapPoint(swap, { x: round, y: 2 }).y, round, "a struct's y");
  const getter = {
    get x() {
      collect();
      return round;
    },
    y: 1,
  };
  expectSame(c.addPoints(getter, getter).x, round * 2, "a sum of what getters give");
  await asynchronously(round, text);
  dropped(round);
  await turn();
}
c.lib.close();
console.log(`collections: ${task.rounds} rounds with ${process.execArgv.join(" ") || "gc()"}`);

/** The function after a full collection. */
function collecting(run) {
  return (...args) => {
    collect();
    return run(...args);
  };
}

/** Nothing but the call holds its arguments. */
async function asynchronously(round, text) {
  const same = c.sameText.async(text, text.slice());
  const called = c.call.async(
    collecting((x) => x * 2),
    round,
  );
  const bytes = c.sumHuge.async(new Uint8Array(100_000).fill(3));
  const mapped = c.textAndNumber.map.async([text, new Int32Array(50).fill(round)]);
  collect();
  expectSame(await same, 1, "equality");
  expectSame(await called, round * 2, "an asynchronous callback's result");
  expectSame(await bytes, 300_000, "a sum of bytes");
  expectSame((await mapped)[49], (text.length * 100 + round) | 0, "a row");
}

/** Functions and libraries that nobody keeps, and function pointers whose functions may go. */
function dropped(round) {
  const lib = new ffi.DynamicLibrary(task.calls, { types });
  const call = lib.getFunction("int64_t echo_int64(int64_t x)");
  const weak = lib.registerCallback(numbers, (x) => x + round);
  lib.unrefCallback(weak);
  collect();
  expectSame(call(round), BigInt(round), "the result of a function whose library nobody keeps");
  const answer = c.call(weak, 1);
  if (answer !== 0) expectSame(answer, 1 + round, "a callback's result that may be gone");
  if (round % 2 === 0) lib.close();
}
