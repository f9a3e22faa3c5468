#include <cstring>

#include "addon/execute.h"
#include "addon/map.h"

namespace nearfar::addon {
namespace {

template <typename Narrow, typename Wide>
void widen(std::byte* target, const std::byte* source) {
  Narrow narrow;
  std::memcpy(&narrow, source, sizeof narrow);
  const Wide wide = narrow;
  std::memcpy(target, &wide, sizeof wide);
}

// Copies of a constant size are single instructions.
inline void load(const Column& column, std::byte* target, const std::byte* source) {
  switch (column.load) {
    case Load::k4:
      std::memcpy(target, source, 4);
      return;
    case Load::k8:
      std::memcpy(target, source, 8);
      return;
    case Load::kSigned1:
      widen<int8_t, int32_t>(target, source);
      return;
    case Load::kUnsigned1:
      widen<uint8_t, uint32_t>(target, source);
      return;
    case Load::kSigned2:
      widen<int16_t, int32_t>(target, source);
      return;
    case Load::kUnsigned2:
      widen<uint16_t, uint32_t>(target, source);
      return;
    case Load::kBytes:
      std::memcpy(target, source, column.bytes);
      return;
  }
}

}  // namespace

Load choose_load(uint32_t bytes, uint32_t width, bool is_signed) {
  if (bytes == 1 && width == 4) return is_signed ? Load::kSigned1 : Load::kUnsigned1;
  if (bytes == 2 && width == 4) return is_signed ? Load::kSigned2 : Load::kUnsigned2;
  if (bytes == 4) return Load::k4;
  return bytes == 8 ? Load::k8 : Load::kBytes;
}

MapImage::MapImage(const abi::Registers& from, const CallPlan& plan) {
  std::memcpy(&registers, &from, kRegisterBytes + plan.stack_words * sizeof(uint64_t));
}

void store_row(const MapWork& work, const MapImage& image, size_t row) {
  const std::byte* source = reinterpret_cast<const std::byte*>(&image.registers) + work.result;
  const size_t bytes = work.result_bytes;
  std::byte* const target = work.out + row * bytes;
  if (bytes == 8) {
    std::memcpy(target, source, 8);
  } else if (bytes == 4) {
    std::memcpy(target, source, 4);
  } else {
    std::memcpy(target, source, bytes);
  }
}

size_t map_rows(const MapWork& work, MapImage& image, size_t first, size_t last,
                const uint32_t& status, const uint64_t& callback_runs) {
  std::byte* const registers = reinterpret_cast<std::byte*>(&image.registers);
  const uint64_t runs = callback_runs;
  int32_t error = 0;  // Nobody reads it: which of the calls would it be of?
  for (size_t row = first; row < last; ++row) {
    for (const Column& column : work.columns) {
      load(column, registers + column.target, column.source + row * column.stride);
    }
    call_target(work.plan, image.registers, error);
    if (status != 0 || callback_runs != runs) return row;
    if (work.result_bytes != 0) store_row(work, image, row);
  }
  return last;
}

}  // namespace nearfar::addon
