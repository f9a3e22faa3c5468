// What the programs of this folder call. Compiled by run.mjs.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ECHO(name, type) \
  type echo_##name(type value) { return value; }

ECHO(int8, int8_t)
ECHO(uint8, uint8_t)
ECHO(int16, int16_t)
ECHO(uint16, uint16_t)
ECHO(int32, int32_t)
ECHO(uint32, uint32_t)
ECHO(int64, int64_t)
ECHO(uint64, uint64_t)
ECHO(float32, float)
ECHO(float64, double)
ECHO(char, char)
ECHO(pointer, void *)

int32_t add_i32(int32_t a, int32_t b) { return a + b; }
double mix(int8_t a, uint16_t b, int32_t c, int64_t d, float e, double f) {
  return a + b + c + (double)d + e + f;
}
int32_t sum_ten(int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f, int32_t g,
                int32_t h, int32_t i, int32_t j) {
  return a + b + c + d + e + f + g + h + i + j;
}
double sum_nine_doubles(double a, double b, double c, double d, double e, double f, double g,
                        double h, double i) {
  return a + b + c + d + e + f + g + h + i;
}

static int32_t calls = 0;
void count_call(void) { ++calls; }
int32_t call_count(void) { return calls; }

const char *greeting(void) { return "Gr\xc3\xbc\xc3\x9f" "e"; }
const char *nothing(void) { return NULL; }
uint64_t string_length(const char *text) { return text == NULL ? 999 : strlen(text); }
int32_t first_byte(const uint8_t *bytes) { return bytes == NULL ? -1 : bytes[0]; }
void fill(uint8_t *bytes, uint8_t value, uint64_t count) { memset(bytes, value, count); }
int32_t sum_bytes(const uint8_t *bytes, uint64_t count) {
  int32_t sum = 0;
  for (uint64_t index = 0; index < count; ++index) sum += bytes[index];
  return sum;
}

void *allocate(uint64_t bytes) { return calloc(1, bytes); }
void release(void *memory) { free(memory); }

typedef int32_t (*binary)(int32_t, int32_t);
int32_t apply(binary function, int32_t a, int32_t b) { return function(a, b); }
void call_void(void (*function)(void)) { function(); }
int8_t call_int8(int8_t (*function)(int8_t), int8_t value) { return function(value); }
uint16_t call_uint16(uint16_t (*function)(uint16_t), uint16_t value) { return function(value); }
int64_t call_int64(int64_t (*function)(int64_t), int64_t value) { return function(value); }
uint64_t call_uint64(uint64_t (*function)(uint64_t), uint64_t value) { return function(value); }
float call_float(float (*function)(float), float value) { return function(value); }
double call_double(double (*function)(double), double value) { return function(value); }
void *call_pointer(void *(*function)(void *), void *value) { return function(value); }
int32_t call_many(int32_t (*function)(int8_t, uint8_t, int32_t, int64_t, double, void *)) {
  return function(-1, 255, 70000, -5, 0.5, (void *)16);
}
int32_t sum_calls(binary function, int32_t count) {
  int32_t sum = 0;
  for (int32_t index = 0; index < count; ++index) sum += function(index, 1);
  return sum;
}
