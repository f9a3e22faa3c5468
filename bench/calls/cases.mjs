// The cases: arguments for call number i, and what the sum over n calls must be, so that a result
// is always used and always right.
const text = "Hello, World!";
const bytes = Buffer.from(text);

export const CASES = {
  "no-op": { name: "no_op", call: "()", use: "0" },
  "add int32": { name: "add_int32", call: "(i & 1023, 1)", use: "result" },
  "add float64": { name: "add_float64", call: "(i & 1023, 1)", use: "result" },
  "sum of six uint32": { name: "sum_six", call: "(i & 1023, 1, 2, 3, 4, 5)", use: "result" },
  "add int64 (bigint)": { name: "add_int64", call: "(1n, 2n)", use: "Number(result)" },
  "buffer and length": { name: "last_byte", call: "(bytes, 13)", use: "result" },
  "string of 13 characters": { name: "text_length", call: "(text)", use: "Number(result)" },
};

/** A loop of n calls that returns the sum of their results. */
export function makeLoop(title, target) {
  const { call, use } = CASES[title];
  const body = `return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) { const result = target${call}; sum += ${use}; }
    return sum;
  };`;
  return new Function("target", "text", "bytes", body)(target, text, bytes);
}
