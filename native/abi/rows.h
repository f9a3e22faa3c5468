#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "abi/abi.h"

// The loop of a vector call: for each row, what varies goes from its columns to the argument
// registers, and the result goes to its own column. Whoever executes it, an environment, a thread
// of the pool or a helper process, executes this.
namespace nearfar::abi {

// A part of the elements of a column as JavaScript describes it: `NativeBinding.mapCalls`.
struct ColumnPart {
  uint32_t offset;   // Where it goes, in the frame,
  uint32_t width;    // and in how many bytes.
  uint32_t element;  // Bytes of a whole element.
  uint32_t is_signed;
  uint32_t from;  // The part's first byte in an element.
  uint32_t view;  // Index of the memory.
};

// How a part of an element gets into the registers.
enum class Load : uint8_t { k4, k8, kSigned1, kUnsigned1, kSigned2, kUnsigned2, kBytes };

struct Column {
  const std::byte* source = nullptr;  // Its part of the first element.
  uint32_t stride = 0;                // Bytes from one element to the next.
  uint32_t bytes = 0;                 // That are copied.
  uint32_t target = 0;                // In Registers.
  Load load = Load::kBytes;
};

// Without a source. Empty if no element has such a part, or no call such a place.
std::optional<Column> to_column(const ColumnPart& part, uint32_t stack_words);

// Where Registers have what the frame has from byte `offset` on; empty if that is no place that a
// call with so many stack words has.
std::optional<uint32_t> register_offset(uint64_t offset, uint64_t bytes, uint32_t stack_words);

struct RowCalls {
  void* target = nullptr;
  Executor execute = nullptr;
  DirectCall direct;
  std::vector<Column> columns;
  uint32_t result = 0;        // In Registers.
  uint32_t result_bytes = 0;  // 0: nobody wants them.
  std::byte* out = nullptr;
};

// The registers of the calls: not those in the frame, which callbacks use meanwhile.
struct alignas(16) RowImage {
  RowImage(const Registers& from, uint32_t stack_words);
  Registers registers;
};

// What happens while rows are called.
struct RowEvents {
  const uint32_t& status;         // Not 0: the calls are over.
  const uint64_t& callback_runs;  // Has changed: the caller looks whether all is still in place.
  uint64_t& row;                  // Set before each call: the row that it is for.
};

// Makes the calls from one row to another and stores their results. Returns early, with the row,
// when its call left a status or changed the count of callbacks that ran; its result is not stored
// then.
size_t call_rows(const RowCalls& calls, RowImage& image, size_t first, size_t last,
                 const RowEvents& events);

// Stores the result of the last call.
void store_row(const RowCalls& calls, const RowImage& image, size_t row);

}  // namespace nearfar::abi
