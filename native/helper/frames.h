#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "channel/frames.h"
#include "helper/stream.h"

namespace nearfar::helper {

// Cuts a stream into frames.
class FrameReader {
 public:
  // `begun` is what was read already. What follows a head of more than `most` bytes is skipped; 0
  // for no limit.
  FrameReader(Stream stream, size_t most, std::string begun)
      : stream_(stream), most_(most), buffer_(std::move(begun)) {}

  // Whether there is something to read: `next` may still have to wait for the rest.
  bool has_input() const { return buffer_.size() > start_ || helper::has_input(stream_); }

  enum class Event { kFrame, kTooLong, kEnd };

  // Waits for a frame. One that the stream ends within is the end.
  Event next(channel::FrameHead& head, std::string& body);

 private:
  bool fill(size_t bytes);
  bool take(std::string& body, uint64_t bytes);
  bool skip(uint64_t bytes);

  static constexpr size_t kReadBytes = 64 * 1024;

  Stream stream_;
  size_t most_;
  std::unique_ptr<char[]> room_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  std::string buffer_;
  size_t start_ = 0;  // Of what is not taken yet.
};

}  // namespace nearfar::helper
