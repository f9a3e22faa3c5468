/** Calls `count` times and returns how many results there were. */
export type Loop = (count: number) => number;

const loopSource = `return (count) => {
  let results = 0;
  for (let index = 0; index < count; index++) if (call() !== undefined) results++;
  return results;
}`;

/**
 * A loop of its own for a synchronous call, as a program would have it: one shared loop would see
 * many functions, and V8 would inline none of them. Each result is looked at, so that no call can
 * be optimised away.
 */
export function compileLoop(call: () => unknown): Loop {
  return new Function("call", loopSource)(call) as Loop;
}
