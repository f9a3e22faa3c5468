#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "include/nearfar.h"

// Hashing piece by piece by the C ABI agrees with hashing at once, in every state of a hasher.
namespace {

using Digest = std::vector<unsigned char>;

Digest at_once(const std::string& data, const char* algorithm) {
  Digest out(64);
  size_t length = 0;
  CHECK(nearfar_hash_bytes(data.data(), data.size(), algorithm, out.data(), 64, &length) ==
        NEARFAR_OK);
  out.resize(length);
  return out;
}

Digest finish(nearfar_hasher* hasher) {
  Digest out(64);
  size_t length = 0;
  CHECK(nearfar_hasher_digest(hasher, out.data(), 64, &length) == NEARFAR_OK);
  out.resize(length);
  return out;
}

void update(nearfar_hasher* hasher, const std::string& data) {
  CHECK(nearfar_hasher_update(hasher, data.data(), data.size()) == NEARFAR_OK);
}

void pieces_hash_as_the_whole() {
  const std::string data(1000, 'a');
  for (const char* algorithm : {"sha1", "sha256", "sha512", "sha3-384", "blake2s256", "shake256"}) {
    nearfar_hasher* hasher = nullptr;
    CHECK(nearfar_hasher_new(algorithm, &hasher) == NEARFAR_OK);
    for (size_t start = 0; start < data.size(); start += 77) update(hasher, data.substr(start, 77));
    CHECK(finish(hasher) == at_once(data, algorithm));
    nearfar_hasher_free(hasher);
  }
}

void a_finished_hasher_begins_anew_after_reset() {
  nearfar_hasher* hasher = nullptr;
  nearfar_hasher* copy = nullptr;
  Digest out(64);
  CHECK(nearfar_hasher_new("sha256", &hasher) == NEARFAR_OK);
  update(hasher, "one");
  CHECK(nearfar_hasher_digest(hasher, out.data(), 31, nullptr) == NEARFAR_ERR_BUFFER_TOO_SMALL);
  CHECK(finish(hasher) == at_once("one", "sha256"));
  CHECK(nearfar_hasher_update(hasher, "x", 1) == NEARFAR_ERR_FINISHED);
  CHECK(nearfar_hasher_digest(hasher, out.data(), 64, nullptr) == NEARFAR_ERR_FINISHED);
  CHECK(nearfar_hasher_digest_xof(hasher, out.data(), 64) == NEARFAR_ERR_FINISHED);
  CHECK(nearfar_hasher_copy(hasher, &copy) == NEARFAR_ERR_FINISHED && copy == nullptr);
  CHECK(nearfar_hasher_reset(hasher) == NEARFAR_OK);
  update(hasher, "two");
  CHECK(finish(hasher) == at_once("two", "sha256"));
  nearfar_hasher_free(hasher);
}

void a_copy_goes_its_own_way() {
  nearfar_hasher* hasher = nullptr;
  nearfar_hasher* copy = nullptr;
  CHECK(nearfar_hasher_new("sha3-256", &hasher) == NEARFAR_OK);
  update(hasher, "common, ");
  CHECK(nearfar_hasher_copy(hasher, &copy) == NEARFAR_OK);
  update(hasher, "left");
  update(copy, "right");
  CHECK(finish(hasher) == at_once("common, left", "sha3-256"));
  nearfar_hasher_free(hasher);
  CHECK(finish(copy) == at_once("common, right", "sha3-256"));
  nearfar_hasher_free(copy);
}

void hmac_keeps_its_key_through_reset_and_copy() {
  Digest expected(64);
  CHECK(nearfar_hmac("key", 3, "data", 4, "sha512", expected.data(), 64, nullptr) == NEARFAR_OK);
  nearfar_hasher* hasher = nullptr;
  nearfar_hasher* copy = nullptr;
  CHECK(nearfar_hasher_new_hmac("key", 3, "sha512", &hasher) == NEARFAR_OK);
  update(hasher, "data");
  CHECK(finish(hasher) == expected);
  CHECK(nearfar_hasher_reset(hasher) == NEARFAR_OK);
  update(hasher, "da");
  CHECK(nearfar_hasher_copy(hasher, &copy) == NEARFAR_OK);
  update(copy, "ta");
  CHECK(finish(copy) == expected);
  CHECK(nearfar_hasher_reset(copy) == NEARFAR_OK);
  update(copy, "data");
  CHECK(finish(copy) == expected);
  nearfar_hasher_free(hasher);
  nearfar_hasher_free(copy);
}

void an_extendable_hasher_gives_any_length() {
  nearfar_hasher* hasher = nullptr;
  Digest out(100);
  Digest expected(100);
  CHECK(nearfar_hasher_new("shake256", &hasher) == NEARFAR_OK);
  update(hasher, "data");
  CHECK(nearfar_hasher_digest_xof(hasher, out.data(), 0) == NEARFAR_ERR_INVALID_ARGUMENT);
  CHECK(nearfar_hasher_digest_xof(hasher, out.data(), out.size()) == NEARFAR_OK);
  CHECK(nearfar_hash_xof("data", 4, "shake256", expected.data(), 100) == NEARFAR_OK);
  CHECK(out == expected);
  nearfar_hasher_free(hasher);
}

void hashers_refuse_what_is_wrong() {
  nearfar_hasher* hasher = nullptr;
  nearfar_hasher* none = reinterpret_cast<nearfar_hasher*>(&hasher);
  Digest out(64);
  CHECK(nearfar_hasher_new("sha256", nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_new(nullptr, &none) == NEARFAR_ERR_NULL_POINTER && none == nullptr);
  none = reinterpret_cast<nearfar_hasher*>(&hasher);
  CHECK(nearfar_hasher_new("none", &none) == NEARFAR_ERR_UNKNOWN_ALGORITHM && none == nullptr);
  CHECK(nearfar_hasher_new_hmac(nullptr, 1, "sha256", &none) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_new_hmac("k", 1, nullptr, &none) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_new_hmac("k", 1, "sha256", nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_new_hmac("k", 1, "shake256", &none) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
  CHECK(nearfar_hasher_new_hmac("k", SIZE_MAX, "sha256", &none) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_hasher_update(nullptr, "", 0) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_digest(nullptr, out.data(), 64, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_digest_xof(nullptr, out.data(), 64) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_reset(nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_copy(nullptr, &none) == NEARFAR_ERR_NULL_POINTER);
  nearfar_hasher_free(nullptr);
  CHECK(nearfar_hasher_new("sha256", &hasher) == NEARFAR_OK);
  CHECK(nearfar_hasher_copy(hasher, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_update(hasher, nullptr, 1) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_update(hasher, "", SIZE_MAX) == NEARFAR_ERR_INPUT_TOO_LARGE);
  CHECK(nearfar_hasher_digest(hasher, nullptr, 64, nullptr) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_hasher_digest_xof(hasher, out.data(), 64) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
  CHECK(finish(hasher) == at_once("", "sha256"));
  nearfar_hasher_free(hasher);
}

// Every thread looks algorithms up that none has asked for before.
void threads_hash_side_by_side() {
  static constexpr const char* kAlgorithms[] = {"sha224", "sha384", "sha3-512", "ripemd160", "sm3"};
  std::vector<std::thread> threads;
  std::vector<Digest> digests(4);
  for (Digest& digest : digests) {
    threads.emplace_back([&digest] {
      for (int round = 0; round < 200; ++round) {
        for (const char* algorithm : kAlgorithms) {
          unsigned char out[64];
          size_t length = 0;
          if (nearfar_hash_bytes("data", 4, algorithm, out, 64, &length) != NEARFAR_OK) return;
          if (round == 199) digest.insert(digest.end(), out, out + length);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(digests[0].size() == 28 + 48 + 64 + 20 + 32);
  for (const Digest& digest : digests) CHECK(digest == digests[0]);
}

}  // namespace

void test_capi_hasher() {
  threads_hash_side_by_side();
  pieces_hash_as_the_whole();
  a_finished_hasher_begins_anew_after_reset();
  a_copy_goes_its_own_way();
  hmac_keeps_its_key_through_reset_and_copy();
  an_extendable_hasher_gives_any_length();
  hashers_refuse_what_is_wrong();
}
