#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "check.h"
#include "include/nearfar.h"

// Keys and signatures of the C ABI: every kind through every format, and what is refused.
namespace {

using Bytes = std::vector<unsigned char>;
using Export = int (*)(const nearfar_key*, const char*, void*, size_t, size_t*);
using Import = int (*)(const void*, size_t, const char*, const char*, nearfar_key**);

constexpr const char* kAlgorithms[] = {"ed25519", "ed448", "p256", "p384", "p521", "secp256k1"};
constexpr const char* kAlgorithmsOf32Bytes[] = {"ed25519", "p256", "secp256k1"};
constexpr const char* kFormats[] = {"pem", "der", "raw"};

Bytes write(Export write_key, const nearfar_key* key, const char* format) {
  size_t length = 0;
  CHECK(write_key(key, format, nullptr, 0, &length) == NEARFAR_ERR_BUFFER_TOO_SMALL);
  Bytes out(length);
  CHECK(write_key(key, format, out.data(), length - 1, nullptr) == NEARFAR_ERR_BUFFER_TOO_SMALL);
  CHECK(write_key(key, format, out.data(), out.size(), nullptr) == NEARFAR_OK);
  return out;
}

Bytes sign(const nearfar_key* key, std::string_view data) {
  size_t size = 0;
  CHECK(nearfar_signature_size(key, &size) == NEARFAR_OK);
  Bytes signature(size);
  CHECK(nearfar_sign(key, data.data(), data.size(), signature.data(), size, &size) == NEARFAR_OK);
  signature.resize(size);
  return signature;
}

int verify(const nearfar_key* key, std::string_view data, const Bytes& signature) {
  return nearfar_verify(key, data.data(), data.size(), signature.data(), signature.size());
}

void check_round_trip(const char* algorithm, const char* format) {
  nearfar_key* key = nullptr;
  CHECK(nearfar_key_generate(algorithm, &key) == NEARFAR_OK);
  nearfar_key* public_key = nullptr;
  CHECK(nearfar_key_public(key, &public_key) == NEARFAR_OK);
  const Bytes secret = write(nearfar_key_export_private, key, format);
  const Bytes open = write(nearfar_key_export_public, public_key, format);
  CHECK(open == write(nearfar_key_export_public, key, format));
  nearfar_key* read = nullptr;
  nearfar_key* public_read = nullptr;
  CHECK(nearfar_key_import_private(secret.data(), secret.size(), format, algorithm, &read) ==
        NEARFAR_OK);
  CHECK(nearfar_key_import_public(open.data(), open.size(), format, algorithm, &public_read) ==
        NEARFAR_OK);
  CHECK(std::string_view(nearfar_key_algorithm(read)) == algorithm);
  CHECK(nearfar_key_is_private(read) == 1 && nearfar_key_is_private(public_read) == 0);
  CHECK(write(nearfar_key_export_private, read, format) == secret);
  Bytes signature = sign(read, "message");
  CHECK(verify(public_key, "message", signature) == NEARFAR_OK);
  CHECK(verify(public_read, "message", signature) == NEARFAR_OK);
  CHECK(verify(public_read, "massage", signature) == NEARFAR_ERR_BAD_SIGNATURE);
  signature.back() ^= 1;
  CHECK(verify(public_read, "message", signature) == NEARFAR_ERR_BAD_SIGNATURE);
  signature.pop_back();
  CHECK(verify(public_read, "message", signature) == NEARFAR_ERR_BAD_SIGNATURE);
  CHECK(verify(public_read, "message", {}) == NEARFAR_ERR_BAD_SIGNATURE);
  for (nearfar_key* each : {key, public_key, read, public_read}) nearfar_key_free(each);
}

int import(Import read, const Bytes& bytes, const char* format, const char* algorithm) {
  nearfar_key* key = reinterpret_cast<nearfar_key*>(&read);
  const int status = read(bytes.data(), bytes.size(), format, algorithm, &key);
  CHECK((key != nullptr) == (status == NEARFAR_OK));
  nearfar_key_free(key);
  return status;
}

void raw_keys_are_of_the_right_length_and_range() {
  const auto read_private = nearfar_key_import_private;
  const auto read_public = nearfar_key_import_public;
  for (const char* algorithm : kAlgorithmsOf32Bytes) {
    CHECK(import(read_private, Bytes(31, 1), "raw", algorithm) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(read_private, Bytes(33, 1), "raw", algorithm) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(read_private, Bytes(32, 1), "raw", algorithm) == NEARFAR_OK);
    CHECK(import(read_public, Bytes(31, 1), "raw", algorithm) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(read_public, Bytes{1}, "raw", algorithm) == NEARFAR_ERR_INVALID_KEY);
  }
  for (const char* curve : {"p256", "secp256k1"}) {
    CHECK(import(read_private, Bytes(32, 0), "raw", curve) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(read_private, Bytes(32, 0xff), "raw", curve) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(read_public, Bytes{0}, "raw", curve) == NEARFAR_ERR_INVALID_KEY);
    Bytes off_the_curve(65, 1);
    off_the_curve[0] = 4;
    CHECK(import(read_public, off_the_curve, "raw", curve) == NEARFAR_ERR_INVALID_KEY);
    off_the_curve[0] = 6;  // Hybrid.
    CHECK(import(read_public, off_the_curve, "raw", curve) == NEARFAR_ERR_INVALID_KEY);
  }
}

void a_compressed_point_is_the_same_key() {
  nearfar_key* key = nullptr;
  CHECK(nearfar_key_generate("p256", &key) == NEARFAR_OK);
  const Bytes point = write(nearfar_key_export_public, key, "raw");
  Bytes compressed(point.begin(), point.begin() + 33);
  compressed[0] = static_cast<unsigned char>(2 + (point.back() & 1));
  nearfar_key* read = nullptr;
  CHECK(nearfar_key_import_public(compressed.data(), 33, "raw", "p256", &read) == NEARFAR_OK);
  CHECK(write(nearfar_key_export_public, read, "raw") == point);
  nearfar_key_free(read);
  nearfar_key_free(key);
}

void keys_are_not_taken_for_what_they_are_not() {
  nearfar_key* key = nullptr;
  CHECK(nearfar_key_generate("ed25519", &key) == NEARFAR_OK);
  for (const char* format : {"pem", "der"}) {
    const Bytes secret = write(nearfar_key_export_private, key, format);
    const Bytes open = write(nearfar_key_export_public, key, format);
    CHECK(import(nearfar_key_import_private, secret, format, nullptr) == NEARFAR_OK);
    CHECK(import(nearfar_key_import_private, secret, format, "p256") == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(nearfar_key_import_private, open, format, nullptr) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(nearfar_key_import_public, secret, format, nullptr) == NEARFAR_ERR_INVALID_KEY);
  }
  Bytes der = write(nearfar_key_export_private, key, "der");
  der.push_back(0);
  CHECK(import(nearfar_key_import_private, der, "der", nullptr) == NEARFAR_ERR_INVALID_KEY);
  der.pop_back();
  while (der.size() > 1) {
    der.pop_back();
    CHECK(import(nearfar_key_import_private, der, "der", nullptr) == NEARFAR_ERR_INVALID_KEY);
    CHECK(import(nearfar_key_import_private, der, "pem", nullptr) == NEARFAR_ERR_INVALID_KEY);
  }
  nearfar_key_free(key);
}

// PKCS#8 (PBES2, AES-256-CBC) of the Ed25519 seed 1, 1, 1, ...; the passphrase is "secret". Made
// with `openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 1`.
constexpr std::string_view kEncrypted =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGaMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAglXZjMpI/XowIBATAM\n"
    "BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQtdkTeG5lP9Mr1IEKUIuMzgRADHM4\n"
    "1NV+M29QkLZL/pQ25rXN8F/GTS+bkE1Jr56IRg55ZvpS4KXxxlJ2bMb9Fmwp08ox\n"
    "mTzNQxuk3Hb1wRJD4g==\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

void an_encrypted_key_needs_its_passphrase() {
  nearfar_key* key = nullptr;
  const auto read = [&key](const char* passphrase, size_t size) {
    return nearfar_key_import_encrypted(kEncrypted.data(), kEncrypted.size(), passphrase, size,
                                        &key);
  };
  CHECK(read("secret", 6) == NEARFAR_OK);
  CHECK(write(nearfar_key_export_private, key, "raw") == Bytes(32, 1));
  nearfar_key_free(key);
  CHECK(read("secreT", 6) == NEARFAR_ERR_INVALID_KEY && key == nullptr);
  const std::string longest(5000, 'x');
  CHECK(read(longest.data(), longest.size()) == NEARFAR_ERR_INVALID_KEY);
  CHECK(read(nullptr, 0) == NEARFAR_ERR_NULL_POINTER);
  CHECK(read("secret", SIZE_MAX) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_key_import_encrypted(nullptr, 0, "", 0, &key) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_import_encrypted("", 0, "", 0, nullptr) == NEARFAR_ERR_NULL_POINTER);
  // Without a passphrase it is refused; nobody is asked for one.
  const Bytes pem(kEncrypted.begin(), kEncrypted.end());
  CHECK(import(nearfar_key_import_private, pem, "pem", nullptr) == NEARFAR_ERR_INVALID_KEY);
}

void keys_refuse_null_and_unknown_names() {
  nearfar_key* key = nullptr;
  const unsigned char byte = 0;
  CHECK(nearfar_key_generate(nullptr, &key) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_generate("ed25519", nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_generate("dsa", &key) == NEARFAR_ERR_UNKNOWN_ALGORITHM && key == nullptr);
  for (const Import read : {nearfar_key_import_private, nearfar_key_import_public}) {
    CHECK(read(nullptr, 0, "raw", "p256", &key) == NEARFAR_ERR_NULL_POINTER);
    CHECK(read(&byte, 1, nullptr, "p256", &key) == NEARFAR_ERR_NULL_POINTER);
    CHECK(read(&byte, 1, "raw", nullptr, &key) == NEARFAR_ERR_NULL_POINTER);
    CHECK(read(&byte, 1, "raw", "p256", nullptr) == NEARFAR_ERR_NULL_POINTER);
    CHECK(read(&byte, 1, "raw", "p255", &key) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
    CHECK(read(&byte, 1, "jwk", "p256", &key) == NEARFAR_ERR_INVALID_ARGUMENT);
    CHECK(read(&byte, SIZE_MAX, "raw", "p256", &key) == NEARFAR_ERR_INPUT_TOO_LARGE);
  }
  CHECK(nearfar_key_public(nullptr, &key) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_algorithm(nullptr) == nullptr && nearfar_key_is_private(nullptr) == 0);
  nearfar_key_free(nullptr);
}

void rsa_has_no_raw_form_and_pss_keys_are_not_made() {
  nearfar_key* key = nullptr;
  size_t size = 0;
  CHECK(nearfar_key_generate("rsa-pss", &key) == NEARFAR_ERR_UNKNOWN_ALGORITHM && key == nullptr);
  CHECK(nearfar_key_generate("rsa", &key) == NEARFAR_OK);
  CHECK(nearfar_key_export_private(key, "raw", nullptr, 0, &size) == NEARFAR_ERR_INVALID_ARGUMENT);
  CHECK(nearfar_key_export_public(key, "raw", nullptr, 0, &size) == NEARFAR_ERR_INVALID_ARGUMENT);
  nearfar_key_free(key);
}

void operations_refuse_the_wrong_key_and_null() {
  nearfar_key* key = nullptr;
  nearfar_key* public_key = nullptr;
  unsigned char out[128];
  size_t size = 0;
  CHECK(nearfar_key_generate("ed25519", &key) == NEARFAR_OK);
  CHECK(nearfar_key_public(key, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_public(key, &public_key) == NEARFAR_OK);
  for (const Export write_key : {nearfar_key_export_private, nearfar_key_export_public}) {
    CHECK(write_key(nullptr, "pem", out, 128, &size) == NEARFAR_ERR_NULL_POINTER);
    CHECK(write_key(key, nullptr, out, 128, &size) == NEARFAR_ERR_NULL_POINTER);
    CHECK(write_key(key, "raw", nullptr, 128, &size) == NEARFAR_ERR_NULL_POINTER);
    CHECK(write_key(key, "PEM", out, 128, &size) == NEARFAR_ERR_INVALID_ARGUMENT);
  }
  CHECK(nearfar_key_export_private(public_key, "pem", out, 128, &size) == NEARFAR_ERR_INVALID_KEY);
  CHECK(nearfar_signature_size(nullptr, &size) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_signature_size(key, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_sign(nullptr, "", 0, out, 128, &size) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_sign(key, nullptr, 1, out, 128, &size) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_sign(key, "", 0, nullptr, 128, &size) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_sign(key, "", SIZE_MAX, out, 128, &size) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_sign(public_key, "", 0, out, 128, &size) == NEARFAR_ERR_INVALID_KEY);
  CHECK(nearfar_sign(key, "", 0, out, 63, &size) == NEARFAR_ERR_BUFFER_TOO_SMALL && size == 64);
  CHECK(nearfar_verify(nullptr, "", 0, out, 64) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_verify(public_key, nullptr, 1, out, 64) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_verify(public_key, "", 0, nullptr, 64) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_verify(public_key, "", 0, out, SIZE_MAX) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_verify(key, "", 0, out, 64) == NEARFAR_ERR_INVALID_KEY);
  nearfar_key_free(public_key);
  nearfar_key_free(key);
}

void threads_share_a_key() {
  nearfar_key* key = nullptr;
  nearfar_key* public_key = nullptr;
  CHECK(nearfar_key_generate("p256", &key) == NEARFAR_OK);
  CHECK(nearfar_key_public(key, &public_key) == NEARFAR_OK);
  int verified[4] = {};
  std::vector<std::thread> threads;
  for (int& count : verified) {
    threads.emplace_back([&count, key, public_key] {
      for (int round = 0; round < 50; ++round) {
        unsigned char signature[80];
        size_t size = 0;
        if (nearfar_sign(key, "data", 4, signature, sizeof signature, &size) != NEARFAR_OK) return;
        if (nearfar_verify(public_key, "data", 4, signature, size) == NEARFAR_OK) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : verified) CHECK(count == 50);
  nearfar_key_free(public_key);
  nearfar_key_free(key);
}

}  // namespace

void test_capi_keys() {
  for (const char* algorithm : kAlgorithms) {
    for (const char* format : kFormats) check_round_trip(algorithm, format);
  }
  check_round_trip("rsa", "pem");
  check_round_trip("rsa", "der");
  raw_keys_are_of_the_right_length_and_range();
  a_compressed_point_is_the_same_key();
  keys_are_not_taken_for_what_they_are_not();
  an_encrypted_key_needs_its_passphrase();
  keys_refuse_null_and_unknown_names();
  rsa_has_no_raw_form_and_pss_keys_are_not_made();
  operations_refuse_the_wrong_key_and_null();
  threads_share_a_key();
}
