#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// Mapping memory at places that another process can have, too. Nothing is reserved for it. With
// errno where it is empty; a descriptor of -1 is memory of this process alone.
namespace nearfar::platform {

// Where the other process most likely has room, too.
std::span<std::byte> map_anywhere(int descriptor, size_t bytes);

// There and nowhere else; never over what is there already.
std::span<std::byte> map_at(int descriptor, uint64_t address, size_t bytes);

}  // namespace nearfar::platform
