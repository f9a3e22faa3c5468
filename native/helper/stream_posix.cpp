#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "helper/guarded_call.h"
#include "helper/stream.h"

namespace nearfar::helper {
namespace {

// Beyond what a library expects to be open, below the smallest usual limit of open files.
constexpr int kFirstPrivateStream = 100;

// Closed on exec, and under a number that nobody guesses by accident.
int take_over(int stream) {
  const int moved = fcntl(stream, F_DUPFD_CLOEXEC, kFirstPrivateStream);
  return moved >= 0 ? moved : fcntl(stream, F_DUPFD_CLOEXEC, 3);
}

}  // namespace

StandardStreams take_standard_streams(bool is_duplex) {
  const Stream input = take_over(STDIN_FILENO);
  const StandardStreams taken{input, is_duplex ? input : take_over(STDOUT_FILENO)};
  const int empty = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (empty >= 0) {
    dup2(empty, STDIN_FILENO);
    if (fcntl(STDERR_FILENO, F_GETFD) < 0) dup2(empty, STDERR_FILENO);
    if (empty > STDERR_FILENO) close(empty);
  }
  if (!is_duplex) dup2(STDERR_FILENO, STDOUT_FILENO);
  return taken;
}

Stream standard_error() { return STDERR_FILENO; }

size_t read_some(Stream stream, std::span<char> room) {
  for (;;) {
    const intptr_t count = guarded_read(stream, room.data(), room.size());
    if (count >= 0) return static_cast<size_t>(count);
    if (count == -EAGAIN) {  // Node's pipes do not block.
      pollfd wait{.fd = stream, .events = POLLIN, .revents = 0};
      poll(&wait, 1, -1);
    } else if (count != -EINTR) {
      return 0;
    }
  }
}

bool has_input(Stream stream) {
  pollfd state{.fd = stream, .events = POLLIN, .revents = 0};
  return poll(&state, 1, 0) > 0;
}

bool write_all(Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    const intptr_t count = guarded_write(stream, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<size_t>(count));
    } else if (count == -EAGAIN) {
      pollfd wait{.fd = stream, .events = POLLOUT, .revents = 0};
      poll(&wait, 1, -1);
    } else if (count != -EINTR) {
      return false;
    }
  }
  return true;
}

bool has_reader(Stream stream) {
  pollfd state{.fd = stream, .events = 0, .revents = 0};
  return poll(&state, 1, 0) <= 0 || (state.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

}  // namespace nearfar::helper
