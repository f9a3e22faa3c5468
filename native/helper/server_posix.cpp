#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "helper/log.h"
#include "helper/process.h"
#include "helper/server.h"

namespace nearfar::helper {
namespace {

constexpr int kBacklog = 16;

// For the signal handler, which may only touch what is there already.
char socket_path[sizeof(sockaddr_un::sun_path)];

void end_by_signal(int number) {
  unlink(socket_path);
  _exit(128 + number);
}

bool fail(const std::string& what) {
  log(LogLevel::kError, what + ": " + strerror(errno));
  return false;
}

// What a helper that was killed has left behind; not the socket of one that lives.
void remove_stale_socket(const sockaddr_un& address) {
  struct stat file {};
  if (lstat(address.sun_path, &file) != 0 || !S_ISSOCK(file.st_mode)) return;
  const int probe = socket(AF_UNIX, SOCK_STREAM, 0);
  if (probe < 0) return;
  const bool is_served =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const bool is_stale = !is_served && errno == ECONNREFUSED;
  close(probe);
  if (is_stale) unlink(address.sun_path);
}

// The listening socket, or -1 after saying why there is none.
int listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail("--socket");
    return -1;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  remove_stale_socket(address);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  const mode_t mask = umask(0077);  // Whoever may connect may run code as this user.
  const bool is_bound = listener >= 0 && bind(listener, reinterpret_cast<const sockaddr*>(&address),
                                              sizeof address) == 0;
  umask(mask);
  if (is_bound && listen(listener, kBacklog) == 0) {
    std::memcpy(socket_path, address.sun_path, sizeof socket_path);
    return listener;
  }
  fail("cannot listen at " + path);
  return -1;
}

// Whether whoever started this process holds the other end of stdin, so that its end tells.
bool has_parent_at(Stream input) {
  struct stat state {};
  return fstat(input, &state) == 0 && (S_ISFIFO(state.st_mode) || S_ISSOCK(state.st_mode));
}

}  // namespace

int serve_socket(Pool& pool, const Options& options) {
  const int listener = listen_at(options.socket);
  if (listener < 0) return 1;
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) signal(number, end_by_signal);
  const StandardStreams streams = take_standard_streams(false);
  const Stream input = streams.input;
  if (const std::optional<std::string> problem = start_sandbox(options.sandbox, streams)) {
    log(LogLevel::kError, *problem);
    return 1;
  }
  log(LogLevel::kInfo, "listening at " + options.socket);
  pollfd events[] = {{listener, POLLIN, 0}, {has_parent_at(input) ? input : -1, 0, 0}};
  for (;;) {
    if (poll(events, 2, -1) < 0 && errno != EINTR) break;
    if ((events[1].revents & POLLHUP) != 0) break;
    if ((events[0].revents & POLLIN) == 0) continue;
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0) continue;
    log(LogLevel::kInfo, "a client has connected");
    const bool is_served = run_on_new_thread([client, &pool, &options] {
      serve(client, client, pool, options);
      close(client);
      log(LogLevel::kInfo, "a client is gone");
    });
    if (!is_served) close(client);
  }
  unlink(socket_path);
  return 0;
}

}  // namespace nearfar::helper
