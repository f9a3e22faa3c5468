// The C library of Linux and macOS: errno, struct tm, printf's variable arguments, a global
// variable.
//   node examples/ffi/c-library.mjs
import { constants } from "node:os";
import { cdef, dlopen } from "nearfar/ffi";

const declarations = cdef(`
  typedef long time_t;
  struct tm {
    int tm_sec;    /* Seconds [0, 60] */
    int tm_min;    /* Minutes [0, 59] */
    int tm_hour;   /* Hour [0, 23] */
    int tm_mday;   /* Day of the month [1, 31] */
    int tm_mon;    /* Month of the year [0, 11] */
    int tm_year;   /* Years since 1900 */
    int tm_wday;   /* Day of the week [0, 6] (Sunday = 0) */
    int tm_yday;   /* Day of the year [0, 365] */
    int tm_isdst;  /* Daylight Savings flag */
    long tm_gmtoff;       /* Seconds East of UTC */
    const char *tm_zone;  /* Timezone abbreviation */
  };
  struct tm *gmtime_r(const time_t *restrict timer, struct tm *restrict result);
  time_t timegm(struct tm *tm);
  size_t strftime(char *restrict s, size_t max, const char *restrict format,
                  const struct tm *restrict tm);
  const char *strerror(int errnum); /* const, which C leaves out: so it is given as text */
  int snprintf(char *restrict s, size_t size, const char *restrict format, ...);
  double lgamma(double x);
`);
const { lib, functions } = dlopen(null, declarations); // null is the process itself

// errno is read inside the call: nothing that happens later can change it.
const open = lib.getFunction("int open(const char *path, int flags, ...)", { errno: true });
const { value, errno } = open("/no/such/file", 0);
console.log("open", value, errno === constants.errno.ENOENT, functions.strerror(errno));
const later = await lib.getFunction("int close(int fd)", { errno: true }).async(-1);
console.log("close", later.value, functions.strerror(later.errno));

// A view is memory of a struct; C fills it in place.
const tm = declarations.types.tm.view();
functions.gmtime_r([1_790_000_000n], tm);
console.log("gmtime_r", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_zone);
const text = Buffer.alloc(64);
const length = functions.strftime(text, text.length, "%A, %-d %B %Y, %H:%M:%S", tm);
console.log("strftime", text.toString("utf8", 0, length));
tm.tm_mday += 30; // timegm puts it right, also in the struct
console.log("timegm", functions.timegm(tm), tm.tm_mon + 1, tm.tm_mday);

// Strings and bigints say their C type; a number does not.
const written = functions.snprintf(
  text,
  text.length,
  "%s: %d of %lld, %.3f",
  "käse",
  ["int", 3],
  10_000_000_000n,
  ["double", Math.PI],
);
console.log("snprintf", written, text.toString("utf8", 0, written));
try {
  functions.snprintf(text, text.length, "%d", 3);
} catch (error) {
  console.log(error.message);
}

// lgamma leaves the sign of the result in a variable of the library.
const signgam = lib.getVariable("int signgam");
console.log("lgamma", functions.lgamma(-0.5).toFixed(4), "signgam", signgam.value);
lib.close();
