// What is asked: each case is a function, its arguments in call number `i`, and how its result
// enters a sum, so that every result is used and can be checked.
import { SWEEPS } from "./sweeps.mjs";

const text = "Hello, World!";
const bytes = new Uint8Array(Buffer.from(text));

/** Rows of a vector call. */
const ROWS = 1_000_000;
const CALLS_BACK = 1000;
/** Asynchronous calls at a time. */
const IN_FLIGHT = 1000;

const single = {
  "no-op": { function: "no_op", call: "()", use: "0" },
  "add int32": { function: "add_int32", call: "(i & 1023, 1)", use: "result" },
  "add float64": { function: "add_float64", call: "(i & 1023, 1)", use: "result" },
  "sum of six uint32": { function: "sum_six", call: "(i & 1023, 1, 2, 3, 4, 5)", use: "result" },
  "add int64, bigints": { function: "add_int64", call: "(1n, 2n)", use: "Number(result)" },
  bool: { function: "invert", call: "((i & 1) === 0)", use: "(result ? 1 : 0)" },
  "buffer and length": { function: "last_byte", call: "(bytes, 13)", use: "result" },
  "string of 13 characters": { function: "text_length", call: "(text)", use: "result" },
  "struct {double, double} in and out": {
    function: "turn",
    call: "({ x: i & 1023, y: 1 })",
    use: "result.x + result.y",
  },
  "pointer to a struct of 4 fields": {
    function: "box_size",
    call: "({ id: i & 1023, count: 2, width: 1.5, height: 3 })",
    use: "result",
  },
  "out parameter": { function: "halve", call: "(i & 1023, cell)", use: "result + cell[0]" },
  "errno of the call": {
    function: "fail_with",
    call: "(i & 31)",
    use: "result.value + result.errno",
  },
};

const CELL_BYTES = 8;
const values = () => ({ text, bytes, cell: new Int32Array(new ArrayBuffer(CELL_BYTES)) });

/** Cases by title. `unit` is what their nanoseconds are for. */
export const CASES = {
  ...Object.fromEntries(
    Object.entries(single).map(([title, each]) => [title, { kind: "call", values, ...each }]),
  ),
  "callback, each call of it": {
    kind: "call",
    function: "sum_called",
    call: `(callback, ${CALLS_BACK})`,
    use: "result",
    callsEach: CALLS_BACK,
    values: ({ callback }) => ({ callback: callback((value) => value + 1) }),
  },
  "asynchronous add, 1,000 in flight": {
    kind: "async",
    function: "add_int32",
    callsEach: IN_FLIGHT,
    values: () => ({}),
  },
  "map of 1,000,000 adds, each": {
    kind: "map",
    function: "add_float64",
    callsEach: ROWS,
    values: () => ({
      a: Float64Array.from({ length: ROWS }, (_, i) => i & 1023),
      b: new Float64Array(ROWS).fill(1),
      out: new Float64Array(ROWS),
    }),
  },
  ...SWEEPS,
};

export const SINGLE_CASES = Object.keys(CASES).filter((title) => CASES[title].sweep === undefined);
