// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.

import { cdef, type Declarations, dlopen, type FunctionOf } from "../../src/ffi/index.js";
import type { AnyFunction, WithErrno } from "../../src/ffi/types/value-types.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<T extends true>(): T | undefined {
  return undefined;
}

// A header's functions by name, whatever stands between them.
const header = cdef(`
  #define LIMIT 5 // of what; more text
  #include <stdint.h>
  typedef struct database database; /* opaque; and so { on } */
  typedef long long row_id;
  struct point { double x, y; struct { int a; } inner; };
  enum kind { ONE, TWO };
  extern int counter;
  int (*hook)(int);
  int open(const char *path, database **out);
  const char *message(database *db);
  row_id last(database *db, row_id after);
  void
  each (database *db, int (*visit)(void *context, const char *name), void *context);
  struct point middle(struct point from, struct point to);
  int printf(const char *format, ...);
  void (*signal(int number, void (*handler)(int)))(int);
`);
const { functions } = dlopen(null, header);
assertType<
  Equal<
    keyof typeof functions,
    "open" | "message" | "last" | "each" | "middle" | "printf" | "signal"
  >
>();
assertType<
  Equal<typeof functions.open, FunctionOf<"int open(const char *path, database **out)">>
>();
assertType<Equal<typeof functions.printf, FunctionOf<"int printf(const char *format, ...)">>>();
assertType<Equal<typeof functions.signal, AnyFunction>>();
const status: number = functions.open("path", [0n]);
const text: string | null = functions.message(5n);
const id: bigint = functions.last(5n, 7);
functions.each(5n, (_context, name) => (name === null ? status : name.length), null);
functions.middle({ x: 1, y: 2, inner: { a: 1 } }, { x: 3, y: text, inner: { a: id } });
// @ts-expect-error a number is no path
functions.open(5, [0n]);
// @ts-expect-error the source has no such function
functions.close;

// Of a helper process, promises.
const isolated = dlopen(null, header, { isolate: true }).functions;
const later: Promise<number> = isolated.open("path", [0n]);
isolated.open.sync("path", [BigInt(await later)]);

// What the options say of functions.
const files = dlopen(
  null,
  cdef("int open(const char *path, int flags); int abs(int n);", {
    errno: ["open"],
    nullable: true,
  }),
).functions;
const { value, errno } = files.open(null, files.abs(-5));
assertType<Equal<typeof value | typeof errno, number>>();
const all = dlopen(null, cdef("int abs(int n);", { errno: true })).functions;
assertType<Equal<typeof all.abs, WithErrno<FunctionOf<"int abs(int n)">>>>();

// Where the source is not known, or needs more of C, any function.
declare const someText: string;
declare const known: Declarations;
const unknown = [
  dlopen(null, cdef(someText)),
  dlopen(null, cdef(`int ${someText}(void);`)),
  dlopen(null, cdef("int f(void) __attribute__((pure));")),
  dlopen(null, cdef("API int f(void);", { ignore: ["API"] })),
  dlopen(null, known),
] as const;
assertType<Equal<(typeof unknown)[number]["functions"], Readonly<Record<string, AnyFunction>>>>();
