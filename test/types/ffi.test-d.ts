// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.
import { DynamicLibrary, dlopen, type FunctionOf } from "../../src/ffi/index.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<T extends true>(): T | undefined {
  return undefined;
}
type Shape<F> = F extends (...args: infer A) => infer R ? [A, R] : never;
type Declared<D extends string> = Shape<FunctionOf<D>>;

assertType<Equal<Declared<"double cos(double)">, [[number], number]>>();
assertType<Equal<Declared<"double hypot(double x, double y)">, [[number, number], number]>>();
assertType<Equal<Declared<"int rand(void)">, [[], number]>>();
assertType<Equal<Declared<"void f()">, [[], undefined]>>();
assertType<Equal<Declared<"size_t strlen(const char *s)">, [[string], number]>>();
assertType<Equal<Declared<"const char *f(char const* s)">, [[string], string | null]>>();
assertType<
  Equal<Declared<"const char *f(const char *_Nullable s);">, [[string | null], string | null]>
>();
assertType<Equal<Declared<"unsigned long long f(unsigned int)">, [[number], bigint]>>();
assertType<Equal<Declared<"int64_t f(const int64_t x)">, [[bigint | number], bigint]>>();
assertType<Equal<Declared<"bool f(bool b, unsigned char)">, [[boolean, number], boolean]>>();
assertType<Equal<Declared<"void *f(void)">, [[], bigint]>>();

const lib = new DynamicLibrary(null);
const cos = lib.getFunction("double cos(double)");
const result: number = cos(1);
const asFunction: (x: number) => number = cos;
const address: bigint = cos.pointer;
// @ts-expect-error a string is not a number
cos("1");
// @ts-expect-error one argument too many
cos(1, 2);
// A C type that is not known here takes anything: the call engine checks it.
lib.getFunction("double cos(dbl x)")(1);
// @ts-expect-error a signature object names known types only
lib.getFunction("cos", { arguments: ["float65"], return: "float64" });

const labs = new DynamicLibrary(null).getFunction("long long llabs(long long)", { errno: true });
const outcome: { readonly value: bigint; readonly errno: number } = labs(-5);
const later: Promise<{ readonly value: bigint; readonly errno: number }> = labs.async(-5n);
// @ts-expect-error a string is not a number
labs("1");
const shared = { errno: true, threadSafe: true } as const;
const number: number = new DynamicLibrary(null).getFunction("int abs(int)", shared)(-5).errno;

const { functions } = dlopen(null, {
  labs: { arguments: ["int64"], return: "int64" },
  strlen: "size_t strlen(const char *)",
});
const wide: bigint = functions.labs(-5n);
const length: number = functions.strlen("abc");
// @ts-expect-error not resolved
functions.cos;
// @ts-expect-error a 64-bit result is a bigint
const narrow: number = functions.labs(5);

export const used = [result, asFunction, address, wide, length, narrow, outcome, later, number];
