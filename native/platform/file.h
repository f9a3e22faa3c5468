#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace nearfar::platform {

// What the system knows an open file by.
#if defined(_WIN32)
using FileHandle = void*;  // HANDLE
#else
using FileHandle = int;
#endif

// Reads at a byte offset, wherever other readers of the file are. Fewer bytes than asked for do not
// mean the end of the file; none do.
Result<size_t> read_at(FileHandle file, uint64_t offset, std::span<std::byte> out);

}  // namespace nearfar::platform
