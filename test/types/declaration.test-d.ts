// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.

import type { VariadicArgument } from "../../src/ffi/declaration/declaration-types.js";
import type { FunctionOf, Memory } from "../../src/ffi/index.js";
import type { MemoryHolder } from "../../src/ffi/memory/memory-holder.js";
import type { AnyValue } from "../../src/ffi/types/value-types.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<T extends true>(): T | undefined {
  return undefined;
}
type Shape<F> = F extends (...args: infer A) => infer R ? [A, R] : never;
type Declared<D extends string> = Shape<FunctionOf<D>>;
type Plain = bigint | Memory | string | null | undefined | MemoryHolder;

// Multi-word types, arrays, qualifiers in every place.
assertType<
  Equal<Declared<"long unsigned int f(unsigned long long a)">, [[bigint | number], bigint]>
>();
assertType<
  Equal<Declared<"short f(unsigned char const c, _Bool b);">, [[number, boolean], number]>
>();
assertType<Equal<Declared<"void f(int a[4])">, [[Plain | readonly number[]], undefined]>>();
assertType<Equal<Declared<"void f(const char s[], wchar_t w)">, [[string, number], undefined]>>();
assertType<Equal<Declared<"void f(void *const p, char *q)">, [[Plain, Plain], undefined]>>();
assertType<Equal<Declared<"void f(const char16_t *s)">, [[string | null], undefined]>>();

// Rows, however they are declared.
type Rows = Exclude<Plain, string> | readonly unknown[];
assertType<Equal<Declared<"void f(double m[4][4])">, [[Rows], undefined]>>();
assertType<Equal<Declared<"void f(const float (*rows)[3], int n)">, [[Rows, number], undefined]>>();
assertType<Equal<Declared<"void f(int n, int grid[n][n][2])">, [[number, Rows], undefined]>>();

// Pointers to numbers take what holds them; pointers to pointers and to structs anything.
assertType<
  Equal<
    Declared<"int f(const double *x, int64_t *n)">,
    [[Plain | readonly number[], Plain | readonly (bigint | number)[]], number]
  >
>();
assertType<Equal<Declared<"int f(struct point p, point *q)">, [[AnyValue, AnyValue], number]>>();
assertType<Equal<Declared<"struct point f(void)">, [[], AnyValue]>>();
assertType<Equal<Declared<"struct point *f(void)">, [[], bigint]>>();
assertType<Equal<Declared<"const char **f(void)">, [[], bigint]>>();

// Whatever the pointers in an array point to.
type Pointers = Plain | readonly (bigint | Memory | string | null | MemoryHolder)[];
assertType<
  Equal<
    Declared<"long strtol(const char *s, char **end, int base)">,
    [[string, Pointers, number], bigint]
  >
>();
assertType<
  Equal<
    Declared<"int f(const char *const names[], void **out, int **grid)">,
    [[Pointers, Pointers, Pointers], number]
  >
>();

// Function pointers are JavaScript functions.
type Compare = (a: bigint, b: bigint) => number;
assertType<
  Equal<
    Declared<"void qsort(void *b, size_t n, size_t s, int (*cmp)(const void *, const void *))">,
    [[Plain, number, number, Compare | bigint | MemoryHolder | null], undefined]
  >
>();
type Visit = (name: string | null, depth: bigint) => unknown;
assertType<
  Equal<
    Declared<"int walk(void visit(const char *name, long depth))">,
    [[Visit | bigint | MemoryHolder | null], number]
  >
>();
declare const sort: FunctionOf<"void sort(int *a, int (*less)(int, int), int (*)(void))">;
sort(
  [3, 1, 2],
  (a, b) => a - b,
  () => 1,
);
sort(new Int32Array(3), null, 5n);
// @ts-expect-error a callback that returns a string
sort([1], () => "1", null);
// @ts-expect-error numbers, not strings
sort(["1"], null, null);

// Variadic functions.
assertType<
  Equal<Declared<"int printf(const char *format, ...)">, [[string, ...VariadicArgument[]], number]>
>();
declare const printf: FunctionOf<"int printf(const char *format, ...)">;
printf("%d %s %lld", ["int", 5], "text", 5n);
// @ts-expect-error a number has no C type by itself
printf("%d", 5);

// A function pointer as a result is not followed.
declare const signal: FunctionOf<"void (*signal(int sig, void (*func)(int)))(int)">;
signal(1, 2n);
