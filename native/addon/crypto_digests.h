#pragma once

#include <node_api.h>

#include <vector>

#include "addon/crypto_hasher.h"
#include "addon/environment.h"
#include "crypto/digest.h"

namespace nearfar::addon {

// What a digest is to be written as. Numbers shared with src/crypto/backend.ts: those of
// crypto::Encoding, and its bytes.
inline constexpr uint32_t kRawDigest = 3;

// What one environment has: the algorithms it has used, addressed by index, and two words that
// JavaScript writes before a call: which of them with which encoding, and how many bytes it wants.
// Words in shared memory save 15 ns of 230 over number arguments (SHA-256 of 13 bytes, Node 20).
struct Digests {
  Environment* environment = nullptr;
  std::vector<crypto::Digest> fetched;
  const uint32_t* request = nullptr;  // index * 4 + encoding; bytes of the digest
  napi_ref request_reference = nullptr;
  std::vector<HasherHandle> hashers;  // By their index; null for one that was released.
  std::vector<uint32_t> free_hashers;

  // The digest that is wanted, or null with an exception pending.
  crypto::Digest* requested(napi_env env);

  size_t size() const { return request[1]; }
  uint32_t encoding() const { return request[0] & 3; }
};

// The memory of `view`, which has room for `size` bytes; null leaves an exception pending.
std::byte* to_output(napi_env env, napi_value view, size_t size);

// Each file adds its functions. False leaves an exception pending.
bool register_digests(napi_env env, napi_value object, Environment& environment);
bool register_hashers(napi_env env, napi_value object, Digests& digests);
bool register_pieces(napi_env env, napi_value object, Digests& digests);

}  // namespace nearfar::addon
