// What every generated C source begins with: the tapes, and texts in both directions.
import { TEXT_UNITS } from "./signatures.mjs";
import { TAPE_BYTES } from "./tape.mjs";

const BASE = `#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
struct tape { uint64_t at; unsigned char bytes[${TAPE_BYTES}]; };
static struct tape *script, *record;
void use_tapes(void *script_memory, void *record_memory) {
  script = script_memory;
  record = record_memory;
}
static __attribute__((noinline)) void see(const void *value, size_t size) {
  if (record->at + size > sizeof record->bytes) abort();
  memcpy(record->bytes + record->at, value, size);
  record->at += size;
}
static __attribute__((noinline)) void take(void *value, size_t size) {
  if (script->at + size > sizeof script->bytes) abort();
  memcpy(value, script->bytes + script->at, size);
  script->at += size;
}
static unsigned char see_presence(const void *pointer) {
  unsigned char present = pointer != NULL;
  see(&present, 1);
  return present;
}
static unsigned char take_byte(void) {
  unsigned char byte;
  take(&byte, 1);
  return byte;
}
static void see_double(double value) { see(&value, sizeof value); }
static double take_double(void) {
  double value;
  take(&value, sizeof value);
  return value;
}
/* Compilers (clang is one) count on a caller that extends narrow integers to 32 bits. */
static void see_extension(int wide, int narrow) {
  if (wide != narrow) see("not extended", 12);
}
#define SEE(value) see(&(value), sizeof (value))
#define TAKE(value) take(&(value), sizeof (value))
`;

/** Texts that C gives out: far more than one call needs before the oldest is written over. */
const TEXT_SLOTS = 1024;
const TEXT_BYTES = 256;

function textFunctions(unit) {
  return `static void see_${unit}_text(const ${unit} *text) {
  if (!see_presence(text)) return;
  uint32_t length = 0;
  while (text[length] != 0) length++;
  SEE(length);
  see(text, length * sizeof *text);
}
static const ${unit} *take_${unit}_text(void) {
  static ${unit} texts[${TEXT_SLOTS}][${TEXT_BYTES} / sizeof(${unit})];
  static unsigned next;
  if (!take_byte()) return NULL;
  ${unit} *text = texts[next++ % ${TEXT_SLOTS}];
  uint32_t length;
  TAKE(length);
  take(text, length * sizeof *text);
  text[length] = 0;
  return text;
}
`;
}

/** The whole of it. */
export const PRELUDE = [BASE, ...TEXT_UNITS.map(textFunctions)].join("\n");
