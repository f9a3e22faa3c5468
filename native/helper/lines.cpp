#include "helper/lines.h"

#include <utility>

namespace nearfar::helper {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

LineReader::Event LineReader::next(std::string& line) {
  for (;;) {
    const size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos || (ended_ && start_ < buffer_.size())) {
      const size_t length = (end == std::string::npos ? buffer_.size() : end) - start_;
      line.assign(buffer_, start_, length);
      start_ = searched_ = start_ + length + 1;
      const bool was_skipped = std::exchange(skipping_, false);
      if (was_skipped) continue;
      return most_ != 0 && length > most_ ? Event::kTooLong : Event::kLine;
    }
    if (ended_) return Event::kEnd;
    buffer_.erase(0, start_);
    start_ = 0;
    if (most_ != 0 && buffer_.size() > most_) {
      // What is left of it is skipped when it comes; the client need not wait for that.
      const bool was_skipping = std::exchange(skipping_, true);
      buffer_.clear();
      searched_ = 0;
      if (!was_skipping) return Event::kTooLong;
    }
    fill();
  }
}

std::string LineReader::take_rest() {
  std::string rest = start_ < buffer_.size() ? buffer_.substr(start_) : std::string();
  buffer_.clear();
  start_ = searched_ = 0;
  return rest;
}

void LineReader::fill() {
  searched_ = buffer_.size();
  buffer_.resize(searched_ + kReadBytes);
  const size_t count = read_some(stream_, std::span(buffer_).subspan(searched_));
  buffer_.resize(searched_ + count);
  ended_ = count == 0;
}

}  // namespace nearfar::helper
