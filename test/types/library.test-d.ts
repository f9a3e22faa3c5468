// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.
import { allowLibraries, DynamicLibrary, dlopen, struct } from "../../src/ffi/index.js";

const lib = new DynamicLibrary(new Uint8Array(1), { relativeTo: import.meta.url, global: true });
dlopen("x", {}, { lazy: true, binding: "lazy", search: ["lib"], serialize: true });
// @ts-expect-error a misspelt option
new DynamicLibrary("x", { gloabl: true });
// @ts-expect-error one of two words
new DynamicLibrary("x", { binding: "later" });
// @ts-expect-error not in this version
new DynamicLibrary("x", { isolate: true });

const counter = lib.getVariable("int counter");
const count: number = counter.value;
counter.value = 5;
const big: bigint = lib.getVariable("const int64_t big").value;
const text: string | null = lib.getVariable("const char *text").value;
// @ts-expect-error a number is not a string
const wrong: string = counter.value;
// @ts-expect-error its address is the library's to say
counter.pointer = 5n;
const origin = lib.getVariable("origin", struct({ x: "int32", y: "float64" }));
const y: number = origin.value.y;
origin.value = { x: 1, y: 2 };
// @ts-expect-error y is missing
origin.value = { x: 1 };

allowLibraries(["libm.so.6", "/opt/lib/*", null]);
// @ts-expect-error a list
allowLibraries("libm.so.6");

export { big, count, text, wrong, y };
