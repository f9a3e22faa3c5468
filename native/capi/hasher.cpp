#include "crypto/hasher.h"

#include <new>
#include <optional>

#include "capi/algorithm.h"
#include "capi/status.h"

using nearfar::Result;
using nearfar::capi::Algorithm;
using nearfar::capi::bytes_of;
using nearfar::capi::check_input;
using nearfar::capi::check_output;
using nearfar::capi::status_of;
using nearfar::crypto::Hasher;

struct nearfar_hasher {
  const Algorithm* algorithm;
  Hasher initial;  // Has seen the key, if there is one, and no data.
  std::optional<Hasher> running;
  bool is_finished = false;
};

namespace {

int hand_out(const Algorithm& algorithm, Result<Hasher> initial, Result<Hasher> running,
             nearfar_hasher** hasher) {
  if (!initial) return status_of(initial.error());
  if (!running) return status_of(running.error());
  *hasher = new (std::nothrow)
      nearfar_hasher{&algorithm, std::move(initial.value()), std::move(running.value())};
  return *hasher != nullptr ? NEARFAR_OK : NEARFAR_ERR_OUT_OF_MEMORY;
}

int make(const Algorithm& algorithm, Result<Hasher> initial, nearfar_hasher** hasher) {
  if (!initial) return status_of(initial.error());
  Result<Hasher> running = initial.value().copy();
  return hand_out(algorithm, std::move(initial), std::move(running), hasher);
}

int finish(nearfar_hasher& hasher, void* out, size_t size) {
  hasher.is_finished = true;
  const bool done = hasher.running->finish(static_cast<std::byte*>(out), size);
  return done ? NEARFAR_OK : status_of(hasher.running->error());
}

}  // namespace

int nearfar_hasher_new(const char* algorithm, nearfar_hasher** hasher) {
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *hasher = nullptr;
  if (algorithm == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const Result<const Algorithm*> found = nearfar::capi::find_algorithm(algorithm);
  if (!found) return status_of(found.error());
  return make(*found.value(), Hasher::make(found.value()->digest), hasher);
}

int nearfar_hasher_new_hmac(const void* key, size_t key_size, const char* algorithm,
                            nearfar_hasher** hasher) {
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *hasher = nullptr;
  if (algorithm == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (const int status = check_input(key, key_size); status != NEARFAR_OK) return status;
  const Result<const Algorithm*> found = nearfar::capi::find_algorithm(algorithm);
  if (!found) return status_of(found.error());
  const Algorithm& known = *found.value();
  if (known.digest->extendable()) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  return make(known, Hasher::make_keyed(known.digest, bytes_of(key, key_size)), hasher);
}

int nearfar_hasher_update(nearfar_hasher* hasher, const void* data, size_t size) {
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (const int status = check_input(data, size); status != NEARFAR_OK) return status;
  if (hasher->is_finished) return NEARFAR_ERR_FINISHED;
  const bool done = hasher->running->update(bytes_of(data, size));
  return done ? NEARFAR_OK : status_of(hasher->running->error());
}

int nearfar_hasher_digest(nearfar_hasher* hasher, void* out, size_t capacity, size_t* length) {
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (hasher->is_finished) return NEARFAR_ERR_FINISHED;
  const size_t size = hasher->algorithm->size;
  const int status = check_output(out, capacity, size, length);
  return status == NEARFAR_OK ? finish(*hasher, out, size) : status;
}

int nearfar_hasher_digest_xof(nearfar_hasher* hasher, void* out, size_t out_size) {
  if (hasher == nullptr || out == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (hasher->is_finished) return NEARFAR_ERR_FINISHED;
  if (!hasher->algorithm->digest->extendable()) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  if (!nearfar::capi::is_xof_size(out_size)) return NEARFAR_ERR_INVALID_ARGUMENT;
  return finish(*hasher, out, out_size);
}

int nearfar_hasher_reset(nearfar_hasher* hasher) {
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  Result<Hasher> running = hasher->initial.copy();
  if (!running) return status_of(running.error());
  hasher->running.emplace(std::move(running.value()));
  hasher->is_finished = false;
  return NEARFAR_OK;
}

int nearfar_hasher_copy(const nearfar_hasher* hasher, nearfar_hasher** copy) {
  if (copy == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *copy = nullptr;
  if (hasher == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (hasher->is_finished) return NEARFAR_ERR_FINISHED;
  return hand_out(*hasher->algorithm, hasher->initial.copy(), hasher->running->copy(), copy);
}

void nearfar_hasher_free(nearfar_hasher* hasher) { delete hasher; }
