#include "abi/rows.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include "abi/frame.h"

namespace nearfar::abi {
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

// What ends a loop early, and where the loop is.
struct Watch {
  const RowEvents& events;
  const uint64_t runs_before;

  // Before a call: whoever explains a crash in it looks there.
  void begin(size_t row) const { events.row = row; }
  bool is_interrupted() const {
    return (events.status | (events.callback_runs ^ runs_before)) != 0;
  }
};

// Any columns.
size_t general_rows(const RowCalls& calls, RowImage& image, size_t first, size_t last,
                    const Watch& watch) {
  std::byte* const registers = reinterpret_cast<std::byte*>(&image.registers);
  for (size_t row = first; row < last; ++row) {
    watch.begin(row);
    for (const Column& column : calls.columns) {
      load(column, registers + column.target, column.source + row * column.stride);
    }
    calls.execute(calls.target, image.registers);
    if (watch.is_interrupted()) return row;
    if (calls.result_bytes != 0) store_row(calls, image, row);
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
Source find_source(const RowCalls& calls, const RowImage& image, size_t index) {
  const size_t target = kFirst<Register> + index * sizeof(uint64_t);
  for (const Column& column : calls.columns) {
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
size_t direct_rows(const RowCalls& calls, RowImage& image, size_t first, size_t last,
                   const Watch& watch) {
  return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    const Source sources[] = {find_source<Register>(calls, image, kIndex)...};
    const auto call = reinterpret_cast<Register (*)(Argument<Register, kIndex>...)>(calls.target);
    std::byte* const out = calls.out;
    for (size_t row = first; row < last; ++row) {
      watch.begin(row);
      const Register result = call(read<Word, Register>(sources[kIndex], row)...);
      if (watch.is_interrupted()) [[unlikely]] {
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

using Rows = size_t (*)(const RowCalls&, RowImage&, size_t, size_t, const Watch&);

constexpr size_t kMostDirect = 4;

template <typename Word, typename Register, bool kHasResult>
Rows choose_count(size_t count) {
  static constexpr Rows kRows[kMostDirect] = {
      direct_rows<Word, Register, kHasResult, 1>, direct_rows<Word, Register, kHasResult, 2>,
      direct_rows<Word, Register, kHasResult, 3>, direct_rows<Word, Register, kHasResult, 4>};
  return kRows[count - 1];
}

template <typename Register>
Rows choose_width(const RowCalls& calls, size_t count, size_t bytes) {
  if (calls.result_bytes == 0) {
    return bytes == 4 ? choose_count<uint32_t, Register, false>(count)
                      : choose_count<uint64_t, Register, false>(count);
  }
  if (calls.result != kResult<Register> || calls.result_bytes != bytes) return nullptr;
  return bytes == 4 ? choose_count<uint32_t, Register, true>(count)
                    : choose_count<uint64_t, Register, true>(count);
}

// Null where the call is none of these.
Rows choose_direct(const RowCalls& calls) {
  const auto [integers, floats] = calls.direct;
  const size_t count = integers + floats;
  if (count == 0 || count > kMostDirect || calls.columns.empty()) return nullptr;
  const Load kind = calls.columns[0].load;
  const size_t bytes = kind == Load::k4 ? 4 : 8;
  const bool is_uniform = (kind == Load::k4 || kind == Load::k8) &&
                          std::ranges::all_of(calls.columns, [&](const Column& column) {
                            return column.load == kind && column.stride == bytes;
                          });
  if (!is_uniform) return nullptr;
  return floats == 0 ? choose_width<uint64_t>(calls, count, bytes)
                     : choose_width<double>(calls, count, bytes);
}

Load choose_load(uint32_t bytes, uint32_t width, uint32_t target, bool is_signed) {
  if (bytes == 1 && width == 4) return is_signed ? Load::kSigned1 : Load::kUnsigned1;
  if (bytes == 2 && width == 4) return is_signed ? Load::kSigned2 : Load::kUnsigned2;
  // On the stack four bytes may be followed by another argument's (Apple's AArch64).
  if (bytes == 4 && target < kRegisterBytes) return Load::k4;
  return bytes == 8 ? Load::k8 : Load::kBytes;
}

}  // namespace

std::optional<uint32_t> register_offset(uint64_t offset, uint64_t bytes, uint32_t stack_words) {
  const uint64_t start = offsetof(Frame, registers);
  const uint64_t end = start + kRegisterBytes + stack_words * sizeof(uint64_t);
  if (offset < start || offset + bytes > end) return {};
  return static_cast<uint32_t>(offset - start);
}

std::optional<Column> to_column(const ColumnPart& part, uint32_t stack_words) {
  if (part.element == 0 || part.from >= part.element) return {};
  const uint32_t bytes = std::min(part.width, part.element - part.from);
  const std::optional<uint32_t> target = register_offset(part.offset, part.width, stack_words);
  if (!target) return {};
  return Column{.stride = part.element,
                .bytes = bytes,
                .target = *target,
                .load = choose_load(bytes, part.width, *target, part.is_signed != 0)};
}

RowImage::RowImage(const Registers& from, uint32_t stack_words) {
  std::memcpy(&registers, &from, kRegisterBytes + stack_words * sizeof(uint64_t));
}

void store_row(const RowCalls& calls, const RowImage& image, size_t row) {
  const std::byte* source = reinterpret_cast<const std::byte*>(&image.registers) + calls.result;
  const size_t bytes = calls.result_bytes;
  std::byte* const target = calls.out + row * bytes;
  if (bytes == 8) {
    std::memcpy(target, source, 8);
  } else if (bytes == 4) {
    std::memcpy(target, source, 4);
  } else {
    std::memcpy(target, source, bytes);
  }
}

size_t call_rows(const RowCalls& calls, RowImage& image, size_t first, size_t last,
                 const RowEvents& events) {
  const Rows direct = choose_direct(calls);
  const Rows rows = direct == nullptr ? general_rows : direct;
  return rows(calls, image, first, last, {events, events.callback_runs});
}

}  // namespace nearfar::abi
