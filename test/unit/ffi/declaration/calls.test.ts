import { describe, expect, it } from "vitest";
import { type CdefOptions, cdef, DynamicLibrary, dlopen } from "../../../../src/ffi/index.js";
import { cLibrary, cLibraryName } from "../../../support/compile.js";

const openName = cLibraryName("open");
const snprintfName = cLibraryName("snprintf");
const declarations = cdef(`
  typedef struct { int quot; int rem; } div_t;
  struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
    long tm_gmtoff;
    const char *tm_zone;
  };
  div_t div(int numerator, int denominator);
  size_t strftime(char *s, size_t max, const char *format, const struct tm *tm);
  void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
  double modf(double value, double *whole);
  char *strerror(int number);
  int ${snprintfName}(char *s, size_t size, const char *format, ...);
`);
const {
  div,
  strftime,
  modf,
  [snprintfName]: snprintf,
} = new DynamicLibrary(cLibrary).getFunctions(declarations);

/** The text before the first NUL. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
}

describe("functions that cdef declares", () => {
  it("come with their types: the library's prototypes and callbacks may name them", () => {
    const { lib } = dlopen(cLibrary, declarations);
    expect(lib.getFunction("div_t div(int numerator, int denominator)")(17, 5)).toEqual({
      quot: 3,
      rem: 2,
    });
    expect(lib.registerCallback("int (*)(div_t)", () => 1)).toBeTypeOf("bigint");
    lib.close();
    const other = dlopen(cLibrary, declarations, { types: {} }).lib;
    expect(() => other.registerCallback("int (*)(div_t)", () => 1)).toThrowError("div_t");
    other.close();
  });

  it("give structs by value", () => {
    expect(div?.(17, 5)).toEqual({ quot: 3, rem: 2 });
  });

  it("take structs by pointer as plain objects", () => {
    const time = {
      tm_sec: 5,
      tm_min: 4,
      tm_hour: 3,
      tm_mday: 2,
      tm_mon: 0,
      tm_year: 100,
      tm_wday: 0,
      tm_yday: 1,
      tm_isdst: 0,
      tm_gmtoff: 0n,
      tm_zone: null,
    };
    const out = new Uint8Array(32);
    expect(strftime?.(out, 32, "%Y-%m-%d %H:%M:%S", time)).toBe(19);
    expect(textOf(out)).toBe("2000-01-02 03:04:05");
  });

  it("write to what holds a number", () => {
    const whole = [0];
    expect(modf?.(2.5, whole)).toBe(0.5);
    expect(whole).toEqual([2]);
  });

  it("take further arguments with their types", () => {
    const out = new Uint8Array(32);
    expect(snprintf?.(out, 32, "%d %s %.1f", ["int", 7], "x", ["double", 1.5])).toBe(7);
    expect(textOf(out)).toBe("7 x 1.5");
  });
});

describe("what a source does not say of its functions", () => {
  const source = `
    int ${openName}(const char *path, int flags, ...);
    int abs(int number);
    char *setlocale(int category, const char *locale);
    char *strstr(const char *_Nonnull text, const char *_Nonnull part);
  `;

  /** From a handle of their own: a name has one signature in each. */
  const functionsOf = (options?: CdefOptions) =>
    new DynamicLibrary(cLibrary).getFunctions(cdef(source, options));

  it("is which of them capture errno", () => {
    const { [openName]: open, abs } = functionsOf({ errno: [openName] });
    expect(open?.("no-such-file", 0)).toEqual({ value: -1, errno: 2 });
    expect(abs?.(-3)).toBe(3);
    expect(functionsOf({ errno: true }).abs?.(-3)).toEqual({ value: 3, errno: 0 });
  });

  it("is which of them may run on several threads, or never call back", async () => {
    const { functions } = cdef(source, { threadSafe: ["abs"], leaf: true });
    expect(functions.abs).toMatchObject({ isThreadSafe: true, isLeaf: true, capturesError: false });
    expect(functions[openName]).toMatchObject({ isThreadSafe: false, isLeaf: true });
    const numbers = new Int32Array([-1, 2]);
    const { abs } = functionsOf({ threadSafe: ["abs"] });
    expect(await abs?.map.async([numbers] as never)).toEqual(new Int32Array([1, 2]));
    await expect(functionsOf().abs?.map.async([numbers] as never)).rejects.toThrowError(
      "threadSafe: true",
    );
  });

  it("is whether text may be null, unless it does say", () => {
    const strict = functionsOf().setlocale;
    expect(() => strict?.(0, null)).toThrowError("argument 2 (locale) must be a string, got null");
    const { setlocale, strstr } = functionsOf({ nullable: true });
    expect(setlocale?.(0, null)).toBeTypeOf("bigint");
    expect(() => strstr?.("text", null)).toThrowError(
      "argument 2 (part) must be a string, got null",
    );
  });

  it.each([
    [{ errno: ["opne"] }, "errno names opne, which the source does not declare"],
    [{ leaf: "abs" }, "leaf must be true, false or an array of functions' names, got a string"],
    [{ threadSafe: [5] }, "threadSafe must be true, false or an array of functions' names"],
    [{ nullable: 1 }, "nullable must be true or false, got 1"],
    [{ nulable: true }, 'options of cdef has no option "nulable"'],
  ])("is refused in other words: %o", (options, message) => {
    expect(() => cdef(source, options as never)).toThrowError(message);
  });

  it("may be said of what cannot be called", () => {
    const { unsupported } = cdef("int f(va_list rest);", { errno: ["f"] });
    expect(unsupported).toHaveProperty("f");
  });
});
