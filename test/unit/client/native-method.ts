import type { Isolation } from "../../../src/index.js";

/** Makes methods that are functions of one C library, isolated or not. */
export function methodsOf(library: string, isolate: Isolation) {
  return <const D extends string>(declaration: D) => ({
    native: { library, declaration, isolate },
  });
}
