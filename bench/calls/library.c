// What the peers call: bodies so small that the crossing is all there is to measure.
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
uint32_t last_byte(const uint8_t *data, uint32_t length) { return data[length - 1]; }
size_t text_length(const char *text) { return strlen(text); }
