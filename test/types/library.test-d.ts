// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.
import {
  allowLibraries,
  callback,
  cdef,
  DynamicLibrary,
  dlopen,
  type FunctionType,
  struct,
} from "../../src/ffi/index.js";

const lib = new DynamicLibrary(new Uint8Array(1), { relativeTo: import.meta.url, global: true });
dlopen("x", {}, { lazy: true, binding: "lazy", search: ["lib"], serialize: true });
// @ts-expect-error a misspelt option
new DynamicLibrary("x", { gloabl: true });
// @ts-expect-error one of two words
new DynamicLibrary("x", { binding: "later" });
// @ts-expect-error its functions would have other types: by dlopen
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

const hook = lib.getVariable("void (*hook)(void *memory)");
const called: undefined = lib.getFunctionAt(hook.value, "void (*)(void *memory)")(null);
const sum: number = lib.getFunctionAt(1n, "int add(int a, int b)")(1, 2);
const length: number = lib.getFunctionAt(1n, "size_t (*length)(const char *)")("text");
// @ts-expect-error a string is wanted
lib.getFunctionAt(1n, "size_t (*)(const char *)")(5);
const outcome: { value: number; errno: number } = lib.getFunctionAt(1n, "int (*)(void)", {
  errno: true,
})();
const wide: bigint = lib.getFunctionAt(1n, { arguments: ["int64"], return: "int64" })(1n);
const Compare = callback({ arguments: ["int", "double"], return: "int" });
const order: number = lib.getFunctionAt(1n, Compare)(1, 2.5);
// @ts-expect-error two arguments
lib.getFunctionAt(1n, Compare)(1);
// @ts-expect-error an address
lib.getFunctionAt(5, Compare);

const Method = cdef("typedef int (*method)(int)").types.method as FunctionType;
lib.registerCallback(Method, (x: number) => x);
const any = lib.getFunctionAt(1n, Method)(1, null);

allowLibraries(["libm.so.6", "/opt/lib/*", null]);
// @ts-expect-error a list
allowLibraries("libm.so.6");

export { any, big, called, count, length, order, outcome, sum, text, wide, wrong, y };
