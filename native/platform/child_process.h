#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "platform/file.h"

namespace nearfar::platform {

// How a process ended: by itself with a status, or by a signal.
struct ProcessEnd {
  uint32_t status = 0;  // Of Windows, the code of a fatal exception, too.
  int signal = 0;       // 0 if none.
};

// A process of ours. Its number is its own until `end` has told how it ended: no system uses it for
// another before. Killed and reaped by the destructor.
class ChildProcess {
 public:
  // Starts an executable. `input` becomes its standard input, `descriptors` its descriptors from 3
  // on, which only POSIX has; it has no other of ours besides standard output and error.
  static Result<ChildProcess> start(const char* path, std::span<const std::string> arguments,
                                    FileHandle input, std::span<const int> descriptors);

  ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  int id() const;  // 0 if there is none.

  // Once the process has ended, a descriptor that is readable, on Windows a handle that is
  // signalled.
  FileHandle handle() const;
  bool has_ended() const;

  // How it ended; empty while it runs. Later calls give the same.
  std::optional<ProcessEnd> end();
  void kill();

  // Copies from and to its memory, without its help. The bytes that could be copied; kNotSupported
  // where the system does not allow it at all.
  Result<size_t> read_memory(uint64_t address, std::span<std::byte> target) const;
  Result<size_t> write_memory(uint64_t address, std::span<const std::byte> source) const;

 private:
  struct System;  // What the system knows it by.
  explicit ChildProcess(std::unique_ptr<System> system);

  std::unique_ptr<System> system_;
  std::optional<ProcessEnd> end_;
};

}  // namespace nearfar::platform
