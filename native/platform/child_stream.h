#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/result.h"
#include "platform/file.h"

namespace nearfar::platform {

class ChildProcess;

// Bytes to a child process and from it, which has the other end as its standard input. Nothing
// waits but `wait`.
class ChildStream {
 public:
  static Result<ChildStream> open();

  ChildStream();
  ChildStream(ChildStream&& other) noexcept;
  ChildStream& operator=(ChildStream&& other) noexcept;
  ~ChildStream();

  // For the child; to be closed here once it has it.
  FileHandle other_end() const;
  void close_other_end();

  // How many bytes the system has taken, 0 if it has no room now; empty if the child is gone.
  std::optional<size_t> send(std::string_view bytes);

  // How many bytes have come, 0 if there are none now; empty if the child is gone.
  std::optional<size_t> receive(std::span<char> room);

  // When something has come, or never will, a descriptor that is readable, on Windows an event that
  // is set.
  FileHandle handle() const;

  struct Wanted {
    bool readable = false;
    bool writable = false;
    const ChildProcess* end = nullptr;
  };
  struct Readiness {
    bool readable = false;
    bool writable = false;
    bool ended = false;
    bool is_any() const { return readable || writable || ended; }
  };
  // Waits for any of what is wanted; without a limit if it is empty. What is gone is ready.
  Readiness wait(const Wanted& wanted, std::optional<std::chrono::milliseconds> limit) const;

 private:
  struct System;
  explicit ChildStream(std::unique_ptr<System> system);

  std::unique_ptr<System> system_;
};

}  // namespace nearfar::platform
