// V8's fast calls exist in optimised code only. With --allow-natives-syntax we can ask for it.

/** A bit of %GetOptimizationStatus: the function has optimised code. */
const IS_OPTIMISED = 1 << 4;

/** Undefined without the flag, or without code generation. */
export function createOptimiser() {
  let natives;
  try {
    natives = new Function(
      "f",
      "what",
      `if (what === "prepare") %PrepareFunctionForOptimization(f);
       if (what === "optimise") %OptimizeFunctionOnNextCall(f);
       return %GetOptimizationStatus(f);`,
    );
  } catch {
    return undefined;
  }
  return {
    /** How many functions were found to have optimised code. */
    count: 0,
    /** Has V8 collect what it needs to know for `optimise`. */
    prepare: (call) => natives(call, "prepare"),
    /** The next call runs optimised code. */
    optimise: (call) => natives(call, "optimise"),
    note(call) {
      if (natives(call, "status") & IS_OPTIMISED) this.count++;
    },
  };
}
