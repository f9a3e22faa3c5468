#include "helper/frames.h"

#include <algorithm>
#include <cstring>

namespace nearfar::helper {
namespace {

// Memory is taken as bytes come, whatever a head promises.
constexpr size_t kGrowth = 1024 * 1024;

}  // namespace

FrameReader::Event FrameReader::next(channel::FrameHead& head, std::string& body) {
  if (!fill(sizeof head)) return Event::kEnd;
  std::memcpy(&head, buffer_.data() + start_, sizeof head);
  start_ += sizeof head;
  if (most_ != 0 && head.bytes > most_) return skip(head.bytes) ? Event::kTooLong : Event::kEnd;
  return take(body, head.bytes) ? Event::kFrame : Event::kEnd;
}

// Until so many bytes are there; false if the stream ends before.
bool FrameReader::fill(size_t bytes) {
  while (buffer_.size() - start_ < bytes) {
    buffer_.erase(0, start_);
    start_ = 0;
    const size_t count = read_some(stream_, {room_.get(), kReadBytes});
    if (count == 0) return false;
    buffer_.append(room_.get(), count);
  }
  return true;
}

bool FrameReader::take(std::string& body, uint64_t bytes) {
  const size_t there = std::min<uint64_t>(bytes, buffer_.size() - start_);
  body.assign(buffer_, start_, there);
  start_ += there;
  while (body.size() < bytes) {
    const size_t before = body.size();
    body.resize(before + std::min<uint64_t>(bytes - before, kGrowth));
    const size_t count = read_some(stream_, std::span(body).subspan(before));
    body.resize(before + count);
    if (count == 0) return false;
  }
  return true;
}

bool FrameReader::skip(uint64_t bytes) {
  for (;;) {
    const uint64_t there = std::min<uint64_t>(bytes, buffer_.size() - start_);
    start_ += there;
    bytes -= there;
    if (bytes == 0) return true;
    if (!fill(1)) return false;
  }
}

}  // namespace nearfar::helper
