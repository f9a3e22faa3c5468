#include <stdint.h>

/* Adler-32 (RFC 1950, section 8.2). */
uint32_t checksum(const char *text) {
  uint32_t a = 1, b = 0;
  for (; *text != '\0'; text++) {
    a = (a + (unsigned char)*text) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}
