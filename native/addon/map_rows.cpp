#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

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

// Where an argument of each row comes from; a stride of 0 repeats what the registers hold.
struct Source {
  const std::byte* start;
  size_t stride;
};

// What a direct call takes in its registers of one kind: integers as uint64_t, floats as double.
template <typename Register>
constexpr size_t kFirst = std::is_same_v<Register, double> ? offsetof(abi::Registers, fp)
                                                           : offsetof(abi::Registers, gp);
template <typename Register>
constexpr size_t kResult = std::is_same_v<Register, double> ? offsetof(abi::Registers, result_fp)
                                                            : offsetof(abi::Registers, result_gp);
template <typename Register, size_t>
using Argument = Register;

template <typename Register>
Source find_source(const MapWork& work, const MapImage& image, size_t index) {
  const size_t target = kFirst<Register> + index * sizeof(uint64_t);
  for (const Column& column : work.columns) {
    if (column.target == target) return {column.source, column.stride};
  }
  return {reinterpret_cast<const std::byte*>(&image.registers) + target, 0};
}

template <typename Word, typename Register>
Register read(const Source& source, size_t row) {
  const std::byte* const bytes = source.start + row * source.stride;
  uint64_t word = 0;
  if (source.stride == 0) {
    std::memcpy(&word, bytes, sizeof word);
  } else {
    std::memcpy(&word, bytes, sizeof(Word));  // Not with a size that varies: that is a call.
  }
  return std::bit_cast<Register>(word);
}

// A few registers of one kind, from columns of one width that are not converted, and a result of
// that width: the usual arrays of float64 or int32. The compiler makes the call as any other, and
// all that a row needs stays in registers; measured at a third of the general loop.
template <typename Word, typename Register, bool kHasResult, size_t kCount>
size_t direct_rows(const MapWork& work, MapImage& image, size_t first, size_t last,
                   const Interruption& interruption) {
  return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    const Source sources[] = {find_source<Register>(work, image, kIndex)...};
    const auto call =
        reinterpret_cast<Register (*)(Argument<Register, kIndex>...)>(work.plan.target);
    std::byte* const out = work.out;
    for (size_t row = first; row < last; ++row) {
      const Register result = call(read<Word, Register>(sources[kIndex], row)...);
      if (interruption.happened()) [[unlikely]] {
        std::byte* const registers = reinterpret_cast<std::byte*>(&image.registers);
        std::memcpy(registers + kResult<Register>, &result, sizeof result);
        return row;
      }
      if constexpr (kHasResult) std::memcpy(out + row * sizeof(Word), &result, sizeof(Word));
    }
    return last;
  }
  (std::make_index_sequence<kCount>());
}

using Rows = size_t (*)(const MapWork&, MapImage&, size_t, size_t, const Interruption&);

constexpr size_t kMostDirect = 4;

template <typename Word, typename Register, bool kHasResult>
Rows choose_count(size_t count) {
  static constexpr Rows kRows[kMostDirect] = {
      direct_rows<Word, Register, kHasResult, 1>, direct_rows<Word, Register, kHasResult, 2>,
      direct_rows<Word, Register, kHasResult, 3>, direct_rows<Word, Register, kHasResult, 4>};
  return kRows[count - 1];
}

template <typename Register>
Rows choose_width(const MapWork& work, size_t count, size_t bytes) {
  if (work.result_bytes == 0) {
    return bytes == 4 ? choose_count<uint32_t, Register, false>(count)
                      : choose_count<uint64_t, Register, false>(count);
  }
  if (work.result != kResult<Register> || work.result_bytes != bytes) return nullptr;
  return bytes == 4 ? choose_count<uint32_t, Register, true>(count)
                    : choose_count<uint64_t, Register, true>(count);
}

// Null where the call is none of these.
Rows choose_direct(const MapWork& work) {
  const auto [integers, floats] = work.plan.direct;
  const size_t count = integers + floats;
  if (count == 0 || count > kMostDirect || work.columns.empty()) return nullptr;
  if (work.plan.captures_error) return nullptr;
  const Load kind = work.columns[0].load;
  const size_t bytes = kind == Load::k4 ? 4 : 8;
  const bool is_uniform = (kind == Load::k4 || kind == Load::k8) &&
                          std::ranges::all_of(work.columns, [&](const Column& column) {
                            return column.load == kind && column.stride == bytes;
                          });
  if (!is_uniform) return nullptr;
  return floats == 0 ? choose_width<uint64_t>(work, count, bytes)
                     : choose_width<double>(work, count, bytes);
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
  const Rows direct = choose_direct(work);
  const Rows rows = direct == nullptr ? general_rows : direct;
  return rows(work, image, first, last, {status, callback_runs, callback_runs});
}

}  // namespace nearfar::addon
