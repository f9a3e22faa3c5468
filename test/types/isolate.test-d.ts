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
const column = new Int32Array(2);
const mapped: Int32Array = functions.add.map([column, 2], new Int32Array(2));
const mappedLater: Promise<Int32Array> = functions.add.map.async([column, 2], column);
// @ts-expect-error too few columns
functions.add.map([column]);

dlopen("x", definitions, { isolate: new Isolate(), lazy: true });
dlopen("x", definitions, { isolate: { timeoutMs: 5, sandbox: { profile: "compute" } } });
// @ts-expect-error a misspelt option
dlopen("x", definitions, { isolate: { timeout: 5 } });
const near: number = dlopen("x", definitions, { isolate: false }).functions.add(1, 2);

export { declared, later, mapped, mappedLater, near, now, sum, wrong };
