// What the peers call: bodies so small that the crossing is all there is to measure.
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void no_op(void) {}
int32_t add_int32(int32_t a, int32_t b) { return a + b; }
double add_float64(double a, double b) { return a + b; }
uint32_t sum_six(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f) {
  return a + b + c + d + e + f;
}
int64_t add_int64(int64_t a, int64_t b) { return a + b; }
bool invert(bool value) { return !value; }
uint32_t last_byte(const uint8_t *data, uint32_t length) { return data[length - 1]; }
uint32_t text_length(const char *text) { return (uint32_t)strlen(text); }

struct pair {
  double x, y;
};
struct pair turn(struct pair p) { return (struct pair){p.y, p.x}; }

struct box {
  int32_t id, count;
  double width, height;
};
double box_size(const struct box *box) { return box->id + box->count * box->width * box->height; }

int32_t halve(int32_t value, int32_t *rest) {
  *rest = value & 1;
  return value >> 1;
}

int32_t fail_with(int32_t code) {
  errno = code;
  return -1;
}

int32_t sum_called(int32_t (*function)(int32_t), int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++) sum += function(i);
  return sum;
}

// What `map` is measured against: the same calls, made by C. The compiler must not see through
// the pointer, or it would add four numbers at a time.
void add_columns(const double *a, const double *b, double *out, uint32_t count) {
  double (*volatile hidden)(double, double) = add_float64;
  double (*add)(double, double) = hidden;
  for (uint32_t i = 0; i < count; i++) out[i] = add(a[i], b[i]);
}

uint64_t sum_bytes(const uint8_t *data, uint32_t length) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < length; i++) sum += data[i];
  return sum;
}
