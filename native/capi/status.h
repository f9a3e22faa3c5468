#pragma once

#include <span>

#include "core/errors.h"
#include "include/nearfar.h"

namespace nearfar::capi {

// The C ABI's code of an error inside.
int status_of(ErrorCode code);
inline int status_of(const Error& error) { return status_of(error.code); }

// Memory that a caller hands in. NEARFAR_OK, or why it cannot be read.
int check_input(const void* data, size_t size);

// Tells the caller how much an output takes. NEARFAR_OK if it has the room.
int check_output(const void* out, size_t capacity, size_t needed, size_t* length);

// How much may be taken of an extendable function.
inline bool is_xof_size(size_t size) { return size >= 1 && size <= size_t{1} << 30; }

inline std::span<const std::byte> bytes_of(const void* data, size_t size) {
  return {static_cast<const std::byte*>(data), size};
}

inline std::span<std::byte> bytes_of(void* data, size_t size) {
  return {static_cast<std::byte*>(data), size};
}

}  // namespace nearfar::capi
