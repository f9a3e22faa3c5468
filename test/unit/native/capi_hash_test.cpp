#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "include/nearfar.h"

// Hashes and HMAC of the C ABI: results from FIPS 180-4, FIPS 202 and RFC 4231, and every argument
// that is refused.
namespace {

constexpr const char* kHello = "Hello, World!";
constexpr size_t kHelloSize = 13;
constexpr const char* kHelloSha256 =
    "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";
constexpr size_t kTooLarge = static_cast<size_t>(PTRDIFF_MAX) + 1;

std::string to_hex(const std::vector<unsigned char>& bytes, size_t size) {
  std::string text;
  for (size_t index = 0; index < size; ++index) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", bytes[index]);
    text += digits;
  }
  return text;
}

std::string hash(const char* algorithm) {
  char hex[129] = "";
  return nearfar_hash(kHello, kHelloSize, algorithm, hex, sizeof hex) == NEARFAR_OK ? hex : "";
}

void names_are_taken_in_any_spelling() {
  for (const char* name : {"SHA256", "sha256", "sha-256", "SHA-256", "SHA2-256", "sha_256"}) {
    CHECK(hash(name) == kHelloSha256);
  }
  CHECK(hash("md5") == "65a8e27d8879283831b664bd8b7f0ad4");
  CHECK(hash("BLAKE2b") == hash("blake2b512") && hash("BLAKE2b").size() == 128);
  char hex[129];
  for (const char* name : {"", "sha257", "sha256 but much longer than any name", "SHA\x80"}) {
    CHECK(nearfar_hash(kHello, kHelloSize, name, hex, sizeof hex) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
  }
}

void hash_writes_a_terminated_string_that_fits() {
  char hex[66];
  hex[65] = 'x';
  CHECK(nearfar_hash(kHello, kHelloSize, "sha256", hex, 65) == NEARFAR_OK);
  CHECK(std::string_view(hex) == kHelloSha256 && hex[65] == 'x');
  hex[0] = 'x';
  CHECK(nearfar_hash(kHello, kHelloSize, "sha256", hex, 64) == NEARFAR_ERR_BUFFER_TOO_SMALL);
  CHECK(hex[0] == 'x');
  CHECK(nearfar_hash(nullptr, 0, "sha256", hex, 65) == NEARFAR_OK);
  CHECK(std::string_view(hex).substr(0, 8) == "e3b0c442");
}

void hash_refuses_null_and_negative_sizes() {
  char hex[129];
  unsigned char out[64];
  size_t length = 0;
  CHECK(nearfar_hash(nullptr, 1, "sha256", hex, 65) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash(kHello, 1, nullptr, hex, 65) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash(kHello, 1, "sha256", nullptr, 65) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash(kHello, kTooLarge, "sha256", hex, 65) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_hash_bytes(nullptr, 1, "sha256", out, 32, &length) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash_bytes(kHello, 1, nullptr, out, 32, &length) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash_bytes(kHello, 1, "sha256", nullptr, 32, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash_bytes(kHello, SIZE_MAX, "sha256", out, 32, &length) ==
        NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_digest_size(nullptr, &length) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_digest_size("sha256", nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_digest_size("sha512", &length) == NEARFAR_OK && length == 64);
}

void hash_bytes_tells_the_length_it_needs() {
  std::vector<unsigned char> out(32, 0xee);
  size_t length = 0;
  CHECK(nearfar_hash_bytes(kHello, kHelloSize, "sha256", nullptr, 0, &length) ==
        NEARFAR_ERR_BUFFER_TOO_SMALL);
  CHECK(length == 32);
  CHECK(nearfar_hash_bytes(kHello, kHelloSize, "sha256", out.data(), 31, nullptr) ==
        NEARFAR_ERR_BUFFER_TOO_SMALL);
  CHECK(out[0] == 0xee);
  length = 0;
  CHECK(nearfar_hash_bytes(kHello, kHelloSize, "sha256", out.data(), 32, &length) == NEARFAR_OK);
  CHECK(length == 32 && to_hex(out, 32) == kHelloSha256);
  // Over its own input.
  std::vector<unsigned char> both(kHello, kHello + kHelloSize);
  both.resize(32);
  CHECK(nearfar_hash_bytes(both.data(), kHelloSize, "sha3-256", both.data(), 32, nullptr) ==
        NEARFAR_OK);
  CHECK(to_hex(both, 32) == hash("sha3-256"));
}

void extendable_functions_give_any_length() {
  std::vector<unsigned char> longer(200);
  std::vector<unsigned char> usual(16);
  CHECK(nearfar_hash_xof("", 0, "shake128", longer.data(), longer.size()) == NEARFAR_OK);
  CHECK(to_hex(longer, 8) == "7f9c2ba4e88f827d");
  CHECK(nearfar_hash_bytes("", 0, "shake128", usual.data(), 16, nullptr) == NEARFAR_OK);
  CHECK(to_hex(usual, 16) == to_hex(longer, 16));
  CHECK(nearfar_hash_xof("", 0, "shake128", longer.data(), 0) == NEARFAR_ERR_INVALID_ARGUMENT);
  CHECK(nearfar_hash_xof("", 0, "shake128", longer.data(), SIZE_MAX) ==
        NEARFAR_ERR_INVALID_ARGUMENT);
  CHECK(nearfar_hash_xof("", 0, "shake128", nullptr, 16) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hash_xof("", 0, "sha256", longer.data(), 32) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
}

void hmac_agrees_with_rfc_4231() {
  std::vector<unsigned char> out(32);
  size_t length = 0;
  CHECK(nearfar_hmac("Jefe", 4, "what do ya want for nothing?", 28, "sha256", out.data(), 32,
                     &length) == NEARFAR_OK);
  CHECK(length == 32 &&
        to_hex(out, 32) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // Test case 6: a key longer than a block is hashed first.
  const std::string key(131, '\xaa');
  const char* data = "Test Using Larger Than Block-Size Key - Hash Key First";
  CHECK(nearfar_hmac(key.data(), key.size(), data, 54, "sha256", out.data(), 32, nullptr) ==
        NEARFAR_OK);
  CHECK(to_hex(out, 32) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(nearfar_hmac(nullptr, 0, nullptr, 0, "sha256", out.data(), 32, nullptr) == NEARFAR_OK);
  CHECK(nearfar_hmac(nullptr, 1, "", 0, "sha256", out.data(), 32, nullptr) ==
        NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hmac("k", kTooLarge, "", 0, "sha256", out.data(), 32, nullptr) ==
        NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_hmac("k", 1, "", 0, "shake128", out.data(), 32, nullptr) ==
        NEARFAR_ERR_UNKNOWN_ALGORITHM);
  CHECK(nearfar_hmac("k", 1, "", 0, "sha256", out.data(), 31, &length) ==
        NEARFAR_ERR_BUFFER_TOO_SMALL);
}

void every_code_has_a_text() {
  CHECK(nearfar_abi_version() == NEARFAR_ABI_VERSION);
  CHECK(std::string_view(nearfar_version()).find('.') != std::string_view::npos);
  const std::string_view unknown = nearfar_error_text(1);
  for (int code = NEARFAR_ERR_FINISHED; code <= NEARFAR_OK; ++code) {
    CHECK(nearfar_error_text(code) != unknown);
  }
  CHECK(nearfar_error_text(NEARFAR_ERR_FINISHED - 1) == unknown);
  const char* text = nullptr;
  CHECK(nearfar_crypto_library(&text) == NEARFAR_OK);
  CHECK(std::string_view(text).starts_with("OpenSSL"));
  CHECK(nearfar_crypto_library(nullptr) == NEARFAR_OK);
}

}  // namespace

void test_capi_hash() {
  names_are_taken_in_any_spelling();
  hash_writes_a_terminated_string_that_fits();
  hash_refuses_null_and_negative_sizes();
  hash_bytes_tells_the_length_it_needs();
  extendable_functions_give_any_length();
  hmac_agrees_with_rfc_4231();
  every_code_has_a_text();
}
