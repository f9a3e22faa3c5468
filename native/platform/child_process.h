#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"

namespace nearfar::platform {

// How a process ended: by itself with a status, or by a signal.
struct ProcessEnd {
  int status = 0;
  int signal = 0;  // 0 if none.
};

// A process of ours, told apart from all others by a descriptor rather than by its number, which
// the system uses again. Killed and reaped by the destructor.
class ChildProcess {
 public:
  // Starts an executable. `input` becomes its standard input, `descriptors` its descriptors from 3
  // on; it has no other of ours besides standard output and error. kNotSupported on systems that
  // tell processes by numbers only.
  static Result<ChildProcess> start(const char* path, std::span<const std::string> arguments,
                                    int input, std::span<const int> descriptors);

  ChildProcess() = default;
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  int id() const { return id_; }                  // 0 if there is none.
  int descriptor() const { return descriptor_; }  // Readable once the process has ended.

  // How it ended; empty while it runs. Later calls give the same.
  std::optional<ProcessEnd> end();
  void kill();

  // Copies from and to its memory, without its help. The bytes that could be copied; kNotSupported
  // where the system does not allow it at all.
  Result<size_t> read_memory(uint64_t address, std::span<std::byte> target) const;
  Result<size_t> write_memory(uint64_t address, std::span<const std::byte> source) const;

 private:
  ChildProcess(int id, int descriptor) : id_(id), descriptor_(descriptor) {}

  int id_ = 0;
  int descriptor_ = -1;
  std::optional<ProcessEnd> end_;
};

}  // namespace nearfar::platform
