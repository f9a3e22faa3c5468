/* cc main.c $(npx nearfar doctor --c --cflags --libs) -o main && ./main */
#include <nearfar.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int code) {
  if (code == NEARFAR_OK) return;
  fprintf(stderr, "nearfar: %s\n", nearfar_error_text(code));
  exit(1);
}

static void print_hex(const char *title, const unsigned char *bytes, size_t size) {
  printf("%s ", title);
  for (size_t index = 0; index < size; ++index) printf("%02x", bytes[index]);
  printf("\n");
}

int main(void) {
  const char *data = "Hello, World!";
  const size_t size = strlen(data);
  char hex[65];
  check(nearfar_hash(data, size, "SHA-256", hex, sizeof hex));
  printf("hash %s\n", hex);

  unsigned char out[64];
  size_t length;
  check(nearfar_hmac("key", 3, data, size, "SHA-512", out, sizeof out, &length));
  print_hex("hmac", out, length);

  nearfar_hasher *hasher;
  check(nearfar_hasher_new("SHA3-256", &hasher));
  check(nearfar_hasher_update(hasher, data, 5));
  check(nearfar_hasher_update(hasher, data + 5, size - 5));
  check(nearfar_hasher_digest(hasher, out, sizeof out, &length));
  nearfar_hasher_free(hasher);
  print_hex("stream", out, length);

  unsigned char seed[32];
  memset(seed, 1, sizeof seed);
  nearfar_key *key, *public_key;
  check(nearfar_key_import_private(seed, sizeof seed, "raw", "ed25519", &key));
  check(nearfar_key_public(key, &public_key));
  check(nearfar_sign(key, data, size, out, sizeof out, &length));
  print_hex("signature", out, length);
  check(nearfar_verify(public_key, data, size, out, length));
  int forged = nearfar_verify(public_key, "Hello, World?", size, out, length);
  printf("forged: %s\n", nearfar_error_text(forged));
  nearfar_key_free(public_key);
  nearfar_key_free(key);
  return 0;
}
