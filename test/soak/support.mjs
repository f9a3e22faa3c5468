// What the scenarios share: the package and the C fixtures, forced collections, memory over time.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What run.mjs passes: `{ entry, calls, threads, scale }`. */
export const task = JSON.parse(process.argv[2]);

export const ffi = await import(task.entry);

setFlagsFromString("--expose-gc");
export const collect = runInNewContext("gc");

export const types = ffi.cdef(`
typedef int32_t (*number_function)(int32_t);
struct point { double x, y; };
struct large { int32_t numbers[40]; double total; };
struct huge { uint8_t bytes[100000]; };
`);

const PROTOTYPES = {
  call: "int32_t call(number_function function, int32_t x)",
  callEach: "int32_t call_each(void (*function)(int32_t), int32_t count)",
  mapPoint: "struct point map_point(struct point (*f)(struct point), struct point value)",
  callWithText: "int32_t call_with_text(int32_t (*f)(const char *), const char *text)",
  addPoints: "struct point add_points(struct point a, struct point b)",
  sumLarge: "struct large sum_large(struct large value)",
  sumPoints: "double sum_points(const struct point *points, size_t count)",
  scalePoint: "void scale_point(struct point *point, double factor)",
  sumHuge: "uint32_t sum_huge(const struct huge *value)",
  sameText: "int32_t same_text(const char *a, const char *b)",
  echoWide: "const wchar_t *echo_wide(const wchar_t *text)",
  echoInt64: "int64_t echo_int64(int64_t x)",
  textAndNumber: "int32_t text_and_number(const char *text, int32_t number)",
  callThenSumHuge: "uint32_t call_then_sum_huge(void (*f)(void), const struct huge *value)",
};

const THREAD_PROTOTYPES = {
  startThreads: "int32_t start_threads(number_function function, int32_t threads, int32_t calls)",
  runningThreads: "int32_t running_threads(void)",
  joinThreads: "void join_threads(void)",
  waitAtGate: "int32_t wait_at_gate(int32_t x)",
  waitingAtGate: "int32_t waiting_at_gate(void)",
  setGate: "void set_gate(int32_t open)",
};

export const openCalls = () => open(task.calls, PROTOTYPES);
export const openThreads = () => open(task.threads, THREAD_PROTOTYPES);

function open(path, prototypes) {
  const lib = new ffi.DynamicLibrary(path, { types });
  const entries = Object.entries(prototypes).map(([name, declaration]) => [
    name,
    lib.getFunction(declaration, { threadSafe: true }),
  ]);
  return { lib, ...Object.fromEntries(entries) };
}

/** The event loop's next turn. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

export async function until(condition) {
  while (!condition()) await turn();
}

/** Ends the process with an error unless a value is the one expected. */
export function expectSame(actual, expected, what) {
  if (Object.is(actual, expected)) return;
  throw new Error(`${what} is ${String(actual)}, not ${String(expected)}`);
}
