#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "addon/environment.h"

// The loop of a vector call: for each row, what varies goes from its columns to the argument
// registers, and the result goes to its own column.
namespace nearfar::addon {

// How a part of an element gets into the registers.
enum class Load : uint8_t { k4, k8, kSigned1, kUnsigned1, kSigned2, kUnsigned2, kBytes };

Load choose_load(uint32_t bytes, uint32_t width, uint32_t target, bool is_signed);

struct Column {
  const std::byte* source = nullptr;  // Its part of the first element.
  uint32_t stride = 0;                // Bytes from one element to the next.
  uint32_t bytes = 0;                 // That are copied.
  uint32_t target = 0;                // In Registers.
  Load load = Load::kBytes;
  uint32_t view = 0;    // Where the memory comes from: the index of its view,
  uint32_t offset = 0;  // and the byte in it.
};

struct MapWork {
  CallPlan plan;
  std::vector<Column> columns;
  uint32_t result = 0;        // In Registers.
  uint32_t result_bytes = 0;  // 0: nobody wants them.
  std::byte* out = nullptr;
};

// The registers of the calls: not those in the frame, which callbacks use meanwhile.
struct alignas(16) MapImage {
  MapImage(const abi::Registers& from, const CallPlan& plan);
  abi::Registers registers;
};

// Makes the calls from one row to another and stores their results. Returns early, with the row,
// when its call left a status or changed the count of callbacks that ran; its result is not stored
// then.
size_t map_rows(const MapWork& work, MapImage& image, size_t first, size_t last,
                const uint32_t& status, const uint64_t& callback_runs);

// Stores the result of the last call.
void store_row(const MapWork& work, const MapImage& image, size_t row);

}  // namespace nearfar::addon
