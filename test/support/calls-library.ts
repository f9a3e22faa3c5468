import { join } from "node:path";
import {
  cdef,
  DynamicLibrary,
  dlopen,
  type FunctionOptions,
  type LibraryOptions,
  suffix,
} from "../../src/ffi/index.js";
import type { Isolate } from "../../src/isolate/index.js";
import { repositoryRoot } from "./compile.js";

/** The libraries of test/fixtures/calls.c and threads.c, which the global setup compiles. */
export const callsLibrary = join(repositoryRoot, "out", "fixtures", `libcalls.${suffix}`);
export const threadsLibrary = join(repositoryRoot, "out", "fixtures", `libthreads.${suffix}`);

/** The types that the functions below name. */
export const callsTypes = cdef(`
typedef int32_t (*number_function)(int32_t);
struct operation { const char *name; number_function apply; int32_t factor; };
struct point { double x, y; };
struct mixed { int8_t tag; float weight; int64_t id; };
struct large { int32_t numbers[40]; double total; };
struct huge { uint8_t bytes[100000]; };
struct block { uint8_t bytes[4000]; };
enum color { RED = 1, GREEN = 5, BLUE = 9 };
`);

const CALLS = {
  call: "int32_t call(number_function function, int32_t x)",
  callEach: "int32_t call_each(void (*function)(int32_t), int32_t count)",
  collect: "void collect(number_function function, int32_t count, int32_t *results)",
  keep: "void keep(number_function function)",
  callKept: "int32_t call_kept(int32_t x)",
  runOperation: "int32_t run_operation(const struct operation *operation, int32_t x)",
  runOperationByValue: "int32_t run_operation_by_value(struct operation operation, int32_t x)",
  mapPoint: "struct point map_point(struct point (*f)(struct point), struct point value)",
  mapMixed: "struct mixed map_mixed(struct mixed (*f)(struct mixed), struct mixed value)",
  mapLarge: "struct large map_large(struct large (*f)(struct large), struct large value)",
  addPoints: "struct point add_points(struct point a, struct point b)",
  echoMixed: "struct mixed echo_mixed(struct mixed value)",
  sumLarge: "struct large sum_large(struct large value)",
  sumPoints: "double sum_points(const struct point *points, size_t count)",
  scalePoint: "void scale_point(struct point *point, double factor)",
  divide: "void divide(int32_t a, int32_t b, int32_t *quotient, int32_t *remainder)",
  doubleAll: "void double_all(int32_t *values, size_t count)",
  sumHuge: "uint32_t sum_huge(const struct huge *value)",
  callThenSumBlock: "uint32_t call_then_sum_block(void (*f)(void), struct block value)",
  callThenSumHuge: "uint32_t call_then_sum_huge(void (*f)(void), const struct huge *value)",
  fillHuge: "struct huge fill_huge(uint8_t byte)",
  callWithText: "int32_t call_with_text(int32_t (*f)(const char *), const char *text)",
  callWithWide: "int32_t call_with_wide(int32_t (*f)(const wchar_t *), const wchar_t *text)",
  callForText: "const char *call_for_text(const char *(*f)(void))",
  echoWide: "const wchar_t *echo_wide(const wchar_t *text)",
  sameText: "int32_t same_text(const char *a, const char *b)",
  totalLength: `uint64_t total_length(const char *a, const char *b, const char *c, const char *d,
    const char *e, const char *f, const char *g, const char *h, const char *i, const char *j)`,
  callThenLength: `uint64_t call_then_length(void (*function)(void), const char *a, const char *b,
    const char *c, const char *d, const char *e, const char *f, const char *g, const char *h,
    const char *i)`,
  failWith: "int32_t fail_with(int32_t error)",
  nextColor: "enum color next_color(enum color color)",
  callColor: "enum color call_color(enum color (*function)(enum color), enum color color)",
  sumAll: "double sum_all(int32_t count, ...)",
  echoUint8: "uint8_t echo_uint8(uint8_t x)",
  echoInt16: "int16_t echo_int16(int16_t x)",
  echoInt64: "int64_t echo_int64(int64_t x)",
  negate: "bool negate(bool x)",
  halfFloat: "float half_float(float x)",
  weigh: `double weigh(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f,
    int64_t g, uint64_t h, float i, double j, bool k)`,
  textAndNumber: "int32_t text_and_number(const char *text, int32_t number)",
} as const;

const THREADS = {
  startThreads: "int32_t start_threads(number_function function, int32_t threads, int32_t calls)",
  runningThreads: "int32_t running_threads(void)",
  returnedCalls: "int32_t returned_calls(void)",
  sumOfResults: "int64_t sum_of_results(void)",
  forgetResults: "void forget_results(void)",
  joinThreads: "void join_threads(void)",
  waitAtGate: "int32_t wait_at_gate(int32_t x)",
  waitingAtGate: "int32_t waiting_at_gate(void)",
  setGate: "void set_gate(int32_t open)",
  enterAndLeave: "void enter_and_leave(int32_t number)",
  mostAtATime: "int32_t most_at_a_time(void)",
  place: "int32_t place(int32_t index)",
  forgetPlaces: "void forget_places(void)",
} as const;

/** A native function as tests call it, with values its static type would refuse among them. */
export interface LooseFunction {
  (...args: unknown[]): unknown;
  readonly pointer: bigint;
  readonly async: {
    (...args: unknown[]): Promise<unknown>;
    abortable(signal: AbortSignal, ...args: unknown[]): Promise<unknown>;
  };
  readonly map: {
    (columns: unknown, out?: unknown): unknown;
    async(columns: unknown, out?: unknown): Promise<unknown>;
  };
}

interface Opened<F, L = DynamicLibrary> {
  readonly lib: L;
  readonly functions: F;
}

type CallFunctions = Record<keyof typeof CALLS, LooseFunction>;

/** A new handle of the library, with all functions declared thread-safe. */
export function openCalls(options?: LibraryOptions): Opened<CallFunctions> {
  return open(callsLibrary, CALLS, options);
}

/** In a helper process a call gives a promise; `sync` waits. */
export interface LooseIsolatedFunction extends LooseFunction {
  sync(...args: unknown[]): unknown;
}

/** The same in a helper process. */
export function openIsolatedCalls(
  isolate: Isolate,
): Opened<Record<keyof typeof CALLS, LooseIsolatedFunction>, { close(): void }> {
  const { lib } = dlopen(callsLibrary, {}, { types: callsTypes, isolate });
  const functions = functionsOf(lib, CALLS);
  return { lib, functions: functions as Record<keyof typeof CALLS, LooseIsolatedFunction> };
}

export function openThreads(
  options?: LibraryOptions,
): Opened<Record<keyof typeof THREADS, LooseFunction>> {
  return open(threadsLibrary, THREADS, options);
}

function open<D extends Readonly<Record<string, string>>>(
  path: string,
  declarations: D,
  options: LibraryOptions = {},
): Opened<Record<keyof D, LooseFunction>> {
  const lib = new DynamicLibrary(path, { types: callsTypes, ...options });
  return { lib, functions: functionsOf(lib, declarations) };
}

function functionsOf<D extends Readonly<Record<string, string>>>(
  lib: { getFunction(declaration: string, options: FunctionOptions): unknown },
  declarations: D,
): Record<keyof D, LooseFunction> {
  const functions = Object.entries(declarations).map(([name, declaration]) => [
    name,
    lib.getFunction(declaration, { threadSafe: true }),
  ]);
  return Object.fromEntries(functions) as Record<keyof D, LooseFunction>;
}

/** A function that gives a promise, waited for: the event loop's turns until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
