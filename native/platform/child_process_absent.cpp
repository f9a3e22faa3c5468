#if !defined(__linux__)
#include "platform/child_process.h"

// Calls in a helper process are there on Linux only so far.
namespace nearfar::platform {

ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;
ChildProcess::~ChildProcess() = default;

Result<ChildProcess> ChildProcess::start(const char*, std::span<const std::string>, int,
                                         std::span<const int>) {
  return Error{ErrorCode::kNotSupported, "calls in a helper process are there on Linux only"};
}

std::optional<ProcessEnd> ChildProcess::end() { return end_; }
void ChildProcess::kill() {}
Result<size_t> ChildProcess::read_memory(uint64_t, std::span<std::byte>) const { return size_t{0}; }
Result<size_t> ChildProcess::write_memory(uint64_t, std::span<const std::byte>) const {
  return size_t{0};
}

}  // namespace nearfar::platform
#endif
