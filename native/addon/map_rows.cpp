#include <algorithm>
#include <cstring>

#include "addon/execute.h"
#include "addon/map.h"

namespace nearfar::addon {
namespace {

// Fills a whole register, although C looks at the low half only: the executor reads eight bytes,
// and a processor forwards them from one store but not from a narrower one (measured: 2 ns a call).
template <typename Narrow>
void widen(std::byte* target, const std::byte* source) {
  Narrow narrow;
  std::memcpy(&narrow, source, sizeof narrow);
  const auto wide = static_cast<uint64_t>(narrow);
  std::memcpy(target, &wide, sizeof wide);
}

// Copies of a constant size are single instructions.
inline void load(const Column& column, std::byte* target, const std::byte* source) {
  switch (column.load) {
    case Load::k4:
      widen<uint32_t>(target, source);
      return;
    case Load::k8:
      std::memcpy(target, source, 8);
      return;
    case Load::kSigned1:
      widen<int8_t>(target, source);
      return;
    case Load::kUnsigned1:
      widen<uint8_t>(target, source);
      return;
    case Load::kSigned2:
      widen<int16_t>(target, source);
      return;
    case Load::kUnsigned2:
      widen<uint16_t>(target, source);
      return;
    case Load::kBytes:
      std::memcpy(target, source, column.bytes);
      return;
  }
}

// What ends a loop early.
struct Interruption {
  const uint32_t& status;
  const uint64_t& callback_runs;
  const uint64_t runs_before;
  bool happened() const { return (status | (callback_runs ^ runs_before)) != 0; }
};

// Any columns.
size_t general_rows(const MapWork& work, MapImage& image, size_t first, size_t last,
                    const Interruption& interruption) {
  std::byte* const registers = reinterpret_cast<std::byte*>(&image.registers);
  int32_t error = 0;  // Nobody reads it: of which of the calls would it be?
  for (size_t row = first; row < last; ++row) {
    for (const Column& column : work.columns) {
      load(column, registers + column.target, column.source + row * column.stride);
    }
    call_target(work.plan, image.registers, error);
    if (interruption.happened()) return row;
    if (work.result_bytes != 0) store_row(work, image, row);
  }
  return last;
}

// A few columns of one width, the result's too, none of them converted: the usual arrays of float64
// or int32. All that a row needs stays in registers; measured at 60 % of the general loop.
template <typename Word, size_t kColumns, bool kHasResult>
size_t uniform_rows(const MapWork& work, MapImage& image, size_t first, size_t last,
                    const Interruption& interruption) {
  std::byte* const registers = reinterpret_cast<std::byte*>(&image.registers);
  const std::byte* sources[kColumns];
  std::byte* targets[kColumns];
  for (size_t column = 0; column < kColumns; ++column) {
    sources[column] = work.columns[column].source;
    targets[column] = registers + work.columns[column].target;
  }
  const abi::Executor execute = work.plan.execute;
  void* const target = work.plan.target;
  const std::byte* const result = registers + work.result;
  std::byte* const out = work.out;
  for (size_t row = first; row < last; ++row) {
    for (size_t column = 0; column < kColumns; ++column) {
      widen<Word>(targets[column], sources[column] + row * sizeof(Word));
    }
    execute(target, image.registers);
    if (interruption.happened()) [[unlikely]]
      return row;
    if constexpr (kHasResult) std::memcpy(out + row * sizeof(Word), result, sizeof(Word));
  }
  return last;
}

using Rows = size_t (*)(const MapWork&, MapImage&, size_t, size_t, const Interruption&);

template <typename Word>
constexpr Rows kUniform[2][4] = {
    {nullptr, uniform_rows<Word, 1, false>, uniform_rows<Word, 2, false>,
     uniform_rows<Word, 3, false>},
    {nullptr, uniform_rows<Word, 1, true>, uniform_rows<Word, 2, true>,
     uniform_rows<Word, 3, true>},
};

Rows choose_rows(const MapWork& work) {
  const size_t count = work.columns.size();
  if (count == 0 || count > 3 || work.plan.captures_error) return general_rows;
  const Load kind = work.columns[0].load;
  const size_t bytes = kind == Load::k4 ? 4 : 8;
  const bool has_result = work.result_bytes != 0;
  const bool is_uniform = (kind == Load::k4 || kind == Load::k8) &&
                          (!has_result || work.result_bytes == bytes) &&
                          std::ranges::all_of(work.columns, [&](const Column& column) {
                            return column.load == kind && column.stride == bytes;
                          });
  if (!is_uniform) return general_rows;
  return (bytes == 4 ? kUniform<uint32_t> : kUniform<uint64_t>)[has_result][count];
}

}  // namespace

Load choose_load(uint32_t bytes, uint32_t width, uint32_t target, bool is_signed) {
  if (bytes == 1 && width == 4) return is_signed ? Load::kSigned1 : Load::kUnsigned1;
  if (bytes == 2 && width == 4) return is_signed ? Load::kSigned2 : Load::kUnsigned2;
  // On the stack four bytes may be followed by another argument's (Apple's AArch64).
  if (bytes == 4 && target < kRegisterBytes) return Load::k4;
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
  return choose_rows(work)(work, image, first, last, {status, callback_runs, callback_runs});
}

}  // namespace nearfar::addon
