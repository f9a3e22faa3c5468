#pragma once

#include <cstddef>
#include <string>

#include "helper/stream.h"

namespace nearfar::helper {

// Cuts a stream into lines.
class LineReader {
 public:
  // A line of more than `most` bytes is skipped; 0 for no limit.
  LineReader(Stream stream, size_t most) : stream_(stream), most_(most) {}

  enum class Event { kLine, kTooLong, kEnd };

  // Waits for a line and puts it, without its end, into `line`. The last needs no end.
  Event next(std::string& line);

  // What was read beyond the last line: the stream goes on with something else.
  std::string take_rest();

 private:
  void fill();

  Stream stream_;
  size_t most_;
  std::string buffer_;
  size_t start_ = 0;     // Of the line that comes next.
  size_t searched_ = 0;  // Up to here the buffer has no end of a line.
  bool skipping_ = false;
  bool ended_ = false;
};

}  // namespace nearfar::helper
