// What the programs print: one line for each thing they try.

/** The library of ../library.c, where the runner compiled it. */
export const library = process.env.NODE_FFI_LIBRARY;

/** The library of ../unresolved.c. */
export const unresolved = process.env.NODE_FFI_UNRESOLVED;

/** Prints what `run` gives, or the built-in class and the code of what it throws. */
export function show(label, run) {
  console.log(`${label}: ${outcome(run)}`);
}

/**
 * The same where nearfar answers otherwise. `row` is the name of the difference in
 * docs/node-ffi.md; the runner fails if it is not there, or if the two answers are the same.
 */
export function differs(row, label, run) {
  console.log(`${label} (differs: ${row}): ${outcome(run)}`);
}

function outcome(run) {
  try {
    return text(run());
  } catch (error) {
    const kind = [TypeError, RangeError, Error].find((type) => error instanceof type);
    return `throws ${kind?.name} ${error.code}`;
  }
}

function text(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${[...new Uint8Array(value)]}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${[...value]}`;
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  return Object.is(value, -0) ? "-0" : String(value);
}
