#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/frame.h"
#include "channel/frames.h"

// Frames as bytes, for both who write and who read them. Views lead to what they were made of.
namespace nearfar::channel {

template <typename T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::string_view bytes_of(std::span<const FrameRange> ranges) {
  return {reinterpret_cast<const char*>(ranges.data()), ranges.size_bytes()};
}

// Registers from the first one on, and those of the result.
inline std::string_view image_of(const abi::Registers& registers, size_t bytes) {
  return {reinterpret_cast<const char*>(&registers), bytes};
}

inline std::string_view results_of(const abi::Registers& registers) {
  return image_of(registers, abi::kRegisterBytes).substr(abi::kResultOffset);
}

inline char* memory_of(const FrameRange& range) {
  return reinterpret_cast<char*>(static_cast<uintptr_t>(range.address));
}

// What ranges of one way contribute to a frame, in their order.
inline void add_contents(std::span<const FrameRange> ranges, uint32_t way,
                         std::vector<std::string_view>& parts) {
  for (const FrameRange& range : ranges) {
    if ((range.ways & way) != 0) parts.emplace_back(memory_of(range), range.bytes);
  }
}

// Takes so many bytes from the beginning of a body, which has them.
inline std::string_view take_bytes(std::string_view& body, size_t count) {
  const std::string_view taken = body.substr(0, count);
  body.remove_prefix(count);
  return taken;
}

// Takes a value from the beginning; empty if there is not so much.
template <typename T>
std::optional<T> take_value(std::string_view& body) {
  if (body.size() < sizeof(T)) return {};
  T value{};
  std::memcpy(&value, take_bytes(body, sizeof value).data(), sizeof value);
  return value;
}

// Takes what belongs to a range to where the range says: the caller has checked both.
inline void take_contents(std::string_view& body, const FrameRange& range) {
  std::memcpy(memory_of(range), take_bytes(body, range.bytes).data(), range.bytes);
}

// Hands a frame of these parts to `write`, which takes a std::string_view: in one piece as long as
// a copy costs less than another system call.
template <typename Write>
void write_frame(FrameKind kind, uint32_t number, std::span<const std::string_view> parts,
                 Write write) {
  constexpr size_t kCopiedBytes = 16 * 1024;
  FrameHead head{.kind = static_cast<uint32_t>(kind), .number = number, .bytes = 0};
  for (const std::string_view part : parts) head.bytes += part.size();
  std::string bytes(bytes_of(head));
  for (const std::string_view part : parts) {
    if (part.size() <= kCopiedBytes) {
      bytes += part;
      continue;
    }
    write(std::string_view(bytes));
    bytes.clear();
    write(part);
  }
  write(std::string_view(bytes));
}

}  // namespace nearfar::channel
