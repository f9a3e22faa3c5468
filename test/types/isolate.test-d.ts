import { dlopen } from "../../src/ffi/index.js";
import { Isolate } from "../../src/isolate/index.js";

const definitions = {
  add: "int add(int a, int b)",
  big: { arguments: ["int64"], return: "int64" },
} as const;

const { functions, lib } = dlopen("x", definitions, { isolate: true });
const sum: Promise<number> = functions.add(1, 2);
const now: number = functions.add.sync(1, 2);
const later: Promise<bigint> = functions.big.async(1n);
const declared: Promise<number> = lib.getFunction("double cos(double x)")(0.5);
// @ts-expect-error it is a promise
const wrong: number = functions.add(1, 2);
// @ts-expect-error no such parameter
functions.add(1, 2, 3);
// @ts-expect-error not in a helper process
functions.add.map([1, 2]);

dlopen("x", definitions, { isolate: new Isolate(), lazy: true });
dlopen("x", definitions, { isolate: { timeoutMs: 5, sandbox: { profile: "compute" } } });
// @ts-expect-error a misspelt option
dlopen("x", definitions, { isolate: { timeout: 5 } });
const near: number = dlopen("x", definitions, { isolate: false }).functions.add(1, 2);

export { declared, later, near, now, sum, wrong };
