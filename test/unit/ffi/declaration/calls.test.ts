import { describe, expect, it } from "vitest";
import { cdef, DynamicLibrary } from "../../../../src/ffi/index.js";

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
  int snprintf(char *s, size_t size, const char *format, ...);
`);
const { div, strftime, modf, snprintf } = new DynamicLibrary(null).getFunctions(declarations);

/** The text before the first NUL. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
}

describe("functions that cdef declares", () => {
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
    expect(strftime?.(out, 32, "%Y-%m-%d %H:%M:%S", time as never)).toBe(19);
    expect(textOf(out)).toBe("2000-01-02 03:04:05");
  });

  it("write to what holds a number", () => {
    const whole = [0];
    expect(modf?.(2.5, whole as never)).toBe(0.5);
    expect(whole).toEqual([2]);
  });

  it("take further arguments with their types", () => {
    const out = new Uint8Array(32);
    expect(
      snprintf?.(out, 32, "%d %s %.1f", ["int", 7] as never, "x", ["double", 1.5] as never),
    ).toBe(7);
    expect(textOf(out)).toBe("7 x 1.5");
  });
});
