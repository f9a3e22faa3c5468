// c++ -std=c++17 main.cpp $(npx nearfar doctor --c --cflags --libs) -o main && ./main
#include <nearfar.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<unsigned char>;
using Key = std::unique_ptr<nearfar_key, decltype(&nearfar_key_free)>;
using Hasher = std::unique_ptr<nearfar_hasher, decltype(&nearfar_hasher_free)>;

void check(int code) {
  if (code != NEARFAR_OK) throw std::runtime_error(nearfar_error_text(code));
}

void print(const char* title, const Bytes& bytes) {
  std::printf("%s ", title);
  for (const unsigned char byte : bytes) std::printf("%02x", byte);
  std::printf("\n");
}

Bytes hmac(const std::string& key, const std::string& data, const char* algorithm) {
  size_t size = 0;
  check(nearfar_digest_size(algorithm, &size));
  Bytes out(size);
  check(nearfar_hmac(key.data(), key.size(), data.data(), data.size(), algorithm, out.data(), size,
                     nullptr));
  return out;
}

Bytes sign(const Key& key, const std::string& data) {
  size_t size = 0;
  check(nearfar_signature_size(key.get(), &size));
  Bytes signature(size);
  check(nearfar_sign(key.get(), data.data(), data.size(), signature.data(), size, &size));
  signature.resize(size);
  return signature;
}

}  // namespace

int main() {
  const std::string data = "Hello, World!";
  char hex[65];
  check(nearfar_hash(data.data(), data.size(), "SHA-256", hex, sizeof hex));
  std::printf("hash %s\n", hex);
  print("hmac", hmac("key", data, "SHA-512"));

  nearfar_hasher* made = nullptr;
  check(nearfar_hasher_new("SHA3-256", &made));
  const Hasher hasher(made, nearfar_hasher_free);
  for (const char& byte : data) check(nearfar_hasher_update(hasher.get(), &byte, 1));
  Bytes digest(32);
  check(nearfar_hasher_digest(hasher.get(), digest.data(), digest.size(), nullptr));
  print("stream", digest);

  const Bytes seed(32, 1);
  nearfar_key* raw = nullptr;
  check(nearfar_key_import_private(seed.data(), seed.size(), "raw", "ed25519", &raw));
  const Key key(raw, nearfar_key_free);
  check(nearfar_key_public(key.get(), &raw));
  const Key public_key(raw, nearfar_key_free);
  const Bytes signature = sign(key, data);
  print("signature", signature);
  check(nearfar_verify(public_key.get(), data.data(), data.size(), signature.data(),
                       signature.size()));
  const int forged = nearfar_verify(public_key.get(), "Hello, World?", data.size(),
                                    signature.data(), signature.size());
  std::printf("forged: %s\n", nearfar_error_text(forged));
}
