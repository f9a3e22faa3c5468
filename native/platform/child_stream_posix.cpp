#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "platform/child_process.h"
#include "platform/child_stream.h"

namespace nearfar::platform {

using std::chrono::milliseconds;

namespace {

// Some systems have a flag of each call for what others know of the socket.
#if defined(MSG_NOSIGNAL)
constexpr int kSendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
constexpr int kSendFlags = MSG_DONTWAIT;
#endif

int make_pair(int (&ends)[2]) {
#if defined(SOCK_CLOEXEC) && !defined(NEARFAR_PORTABLE)
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
#if defined(SO_NOSIGPIPE)
  const int on = 1;
  setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return 0;
#endif
}

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

struct ChildStream::System {
  int own;
  int other;
  ~System() {
    if (own >= 0) close(own);
    if (other >= 0) close(other);
  }
};

ChildStream::ChildStream() = default;
ChildStream::ChildStream(std::unique_ptr<System> system) : system_(std::move(system)) {}
ChildStream::ChildStream(ChildStream&& other) noexcept = default;
ChildStream& ChildStream::operator=(ChildStream&& other) noexcept = default;
ChildStream::~ChildStream() = default;

Result<ChildStream> ChildStream::open() {
  int ends[2];
  if (make_pair(ends) != 0) {
    return Error{ErrorCode::kInternal, std::string("socketpair: ") + std::strerror(errno)};
  }
  return ChildStream(std::unique_ptr<System>(new System{.own = ends[0], .other = ends[1]}));
}

FileHandle ChildStream::other_end() const { return system_->other; }

void ChildStream::close_other_end() { close(std::exchange(system_->other, -1)); }

FileHandle ChildStream::handle() const { return system_->own; }

std::optional<size_t> ChildStream::send(std::string_view bytes) {
  const ssize_t count = ::send(system_->own, bytes.data(), bytes.size(), kSendFlags);
  if (count >= 0) return static_cast<size_t>(count);
  return is_temporary(errno) ? std::optional<size_t>(0) : std::nullopt;
}

std::optional<size_t> ChildStream::receive(std::span<char> room) {
  const ssize_t count = recv(system_->own, room.data(), room.size(), MSG_DONTWAIT);
  if (count > 0) return static_cast<size_t>(count);
  return count < 0 && is_temporary(errno) ? std::optional<size_t>(0) : std::nullopt;
}

// Signals, such as those of a profiler, do not end the wait.
ChildStream::Readiness ChildStream::wait(const Wanted& wanted,
                                         std::optional<milliseconds> limit) const {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + limit.value_or(milliseconds(0));
  const auto events =
      static_cast<short>((wanted.readable ? POLLIN : 0) | (wanted.writable ? POLLOUT : 0));
  pollfd sources[] = {
      {.fd = events != 0 ? system_->own : -1, .events = events, .revents = 0},
      {.fd = wanted.end != nullptr ? wanted.end->handle() : -1, .events = POLLIN, .revents = 0}};
  for (;;) {
    const int count = poll(sources, 2, limit ? static_cast<int>(limit->count()) : -1);
    if (count < 0 && errno == EINTR) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      if (limit) limit = std::max(left, milliseconds(0));
      continue;
    }
    const bool is_gone = (sources[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    return {.readable = wanted.readable && (is_gone || (sources[0].revents & POLLIN) != 0),
            .writable = wanted.writable && (is_gone || (sources[0].revents & POLLOUT) != 0),
            .ended = sources[1].revents != 0};
  }
}

}  // namespace nearfar::platform
