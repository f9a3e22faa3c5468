#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace nearfar::helper {

// Puts a message together from what may be called in a signal handler (signal-safety(7)).
class SignalMessage {
 public:
  void add(const char* text) {
    for (; *text != '\0' && length_ < sizeof text_; ++text) text_[length_++] = *text;
  }

  void add_address(uintptr_t address) {
    add("0x");
    for (int shift = 8 * sizeof address - 4; shift >= 0; shift -= 4) {
      const char digit[] = {"0123456789abcdef"[(address >> shift) & 0xf], '\0'};
      add(digit);
    }
  }

  void write_line() {
    add("\n");
    (void)!write(STDERR_FILENO, text_, length_);
  }

 private:
  char text_[256];
  size_t length_ = 0;
};

}  // namespace nearfar::helper
