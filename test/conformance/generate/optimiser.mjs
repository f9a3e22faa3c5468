// V8's fast calls exist in optimised code only. With --allow-natives-syntax we can ask for it.

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
  const optimised = optimisedBits(natives);
  return {
    /** How many functions were found to have optimised code. */
    count: 0,
    /** Has V8 collect what it needs to know for `optimise`. */
    prepare: (call) => natives(call, "prepare"),
    /** The next call runs optimised code. */
    optimise: (call) => natives(call, "optimise"),
    note(call) {
      if ((natives(call, "status") & optimised) === optimised) this.count++;
    },
  };
}

/**
 * The bits of %GetOptimizationStatus that optimised code sets, seen on a function that V8 has no
 * reason to leave alone: they move from one version to the next, as on Node 26.
 */
function optimisedBits(natives) {
  const add = new Function("a", "b", "return a + b;");
  natives(add, "prepare");
  add(1, 2);
  add(1, 2);
  const before = natives(add, "status");
  natives(add, "optimise");
  add(1, 2);
  const bits = natives(add, "status") & ~before;
  if (bits === 0) throw new Error("V8 did not optimise a function that it was asked to");
  return bits;
}
