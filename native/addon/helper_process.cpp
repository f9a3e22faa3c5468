#include "addon/helper_process.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "platform/doorbell.h"

#if defined(__linux__)
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace nearfar::addon {

using channel::CallState;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

HelperProcess::HelperProcess(platform::ChildProcess process, int control, int event,
                             channel::Lane* lane)
    : process_(std::move(process)), control_(control), event_(event), lane_(lane) {}

HelperProcess::HelperProcess(HelperProcess&& other) noexcept
    : process_(std::move(other.process_)),
      control_(std::exchange(other.control_, -1)),
      event_(std::exchange(other.event_, -1)),
      watch_(std::exchange(other.watch_, -1)),
      frames_(std::move(other.frames_)),
      lane_(other.lane_) {}

#if defined(__linux__)
namespace {

constexpr int kSpinRounds = 64;  // Between two looks at the clock.

// How long a death may go unnoticed by a thread that sleeps.
constexpr auto kLongestSleep = 5ms;

Error failure(const char* what) {
  return {ErrorCode::kInternal, std::string(what) + ": " + std::strerror(errno)};
}

// Signals, such as those of a profiler, do not end the wait.
bool is_ready(int descriptor, short events, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  pollfd wanted = {.fd = descriptor, .events = events, .revents = 0};
  for (;;) {
    const int count = poll(&wanted, 1, static_cast<int>(limit.count()));
    if (count >= 0 || errno != EINTR) return count > 0;
    limit = std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()), 0ms);
  }
}

}  // namespace

Result<HelperProcess> HelperProcess::start(const Start& options) {
  int control[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0) {
    return failure("socketpair");
  }
  const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  // From here on the object closes what has been opened.
  HelperProcess made({}, control[0], event, options.lane);
  const bool is_shared = options.lane_descriptor >= 0;
  const int all[] = {options.lane_descriptor, options.heap_descriptor, event};
  const std::span<const int> given(all, is_shared ? std::size(all) : 0);
  const bool has_events = event >= 0 && (is_shared || made.watch());
  Result<platform::ChildProcess> process =
      has_events ? platform::ChildProcess::start(options.path, options.arguments, control[1], given)
                 : Result<platform::ChildProcess>(failure("events of a helper"));
  close(control[1]);
  if (!process) return process.error();
  made.process_ = std::move(process.value());
  return made;
}

// One descriptor for what the event loop is to hear of: frames, and those that were taken unheard.
bool HelperProcess::watch() {
  watch_ = epoll_create1(EPOLL_CLOEXEC);
  if (watch_ < 0) return false;
  for (const int source : {event_, control_}) {
    epoll_event interest = {.events = EPOLLIN, .data = {.fd = source}};
    if (epoll_ctl(watch_, EPOLL_CTL_ADD, source, &interest) != 0) return false;
  }
  return true;
}

HelperProcess::~HelperProcess() {
  if (watch_ >= 0) close(watch_);
  if (control_ >= 0) close(control_);
  if (event_ >= 0) close(event_);
}

void HelperProcess::clear_event() {
  uint64_t count = 0;
  static_cast<void>(!read(event_, &count, sizeof count));  // Nothing to read is as good.
  take_frames();
}

void HelperProcess::signal_event() const {
  const uint64_t one = 1;
  static_cast<void>(!write(event_, &one, sizeof one));  // It is readable already if this fails.
}

void HelperProcess::begin_frames() {
  if (frames_ == nullptr) frames_ = std::make_unique<HelperFrames>(control_, lane_);
}

void HelperProcess::take_frames() {
  if (frames_ == nullptr) return;
  static_cast<void>(frames_->receive());  // The caller looks for news itself.
  static_cast<void>(has_intact_frames());
}

// A helper whose frames make no sense is ended, so that its end is what everybody sees.
bool HelperProcess::has_intact_frames() {
  if (frames_->is_intact()) return true;
  if (watch_ >= 0) epoll_ctl(watch_, EPOLL_CTL_DEL, control_, nullptr);
  process_.kill();
  return false;
}

void HelperProcess::start_job(uint32_t slot, uint32_t bytes,
                              std::span<const channel::FrameRange> ranges) {
  const channel::Slot& job = lane_->slots[slot];
  const channel::CallHead head{.plan = job.plan,
                               .image_bytes = bytes,
                               .rows = job.rows,
                               .ranges = static_cast<uint32_t>(ranges.size()),
                               .reserved = 0};
  frames_->send_call(slot, head, job.registers, ranges);
  static_cast<void>(has_intact_frames());
}

void HelperProcess::answer_callback(bool is_queued, bool has_result,
                                    std::span<const channel::FrameRange> ranges) {
  frames_->send_answer(is_queued, has_result, ranges);
  static_cast<void>(has_intact_frames());
}

template <typename Ready>
Waited HelperProcess::wait_for_frames(Ready ready, std::chrono::milliseconds limit) {
  const auto start = Clock::now();
  const auto spin = spin_.limit();
  bool has_slept = false;
  for (;;) {
    if (frames_->receive()) signal_event();
    if (const std::optional<Waited> state = ready()) {
      if (!has_slept) spin_.found();
      return *state;
    }
    const bool is_intact = has_intact_frames();
    const auto waited = Clock::now() - start;
    if (is_intact && waited < spin) continue;
    if (!std::exchange(has_slept, true)) spin_.missed();
    if (limit > 0ms && waited >= limit) return Waited::kTimedOut;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - waited);
    pollfd sources[] = {{.fd = process_.descriptor(), .events = POLLIN, .revents = 0},
                        {.fd = is_intact ? control_ : -1, .events = POLLIN, .revents = 0}};
    poll(sources, std::size(sources), limit > 0ms ? static_cast<int>(left.count()) : -1);
    if (sources[0].revents == 0) continue;
    // What it has sent before its end counts.
    if (frames_->receive()) signal_event();
    return ready().value_or(Waited::kEnded);
  }
}

bool HelperProcess::has_ended() { return is_ready(process_.descriptor(), POLLIN, 0ms); }

std::optional<std::string> HelperProcess::request(std::string_view line,
                                                  std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const auto left = [&] {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()), 0ms);
  };
  if (frames_ != nullptr) {
    frames_->send_message(line);
    for (;;) {
      if (frames_->receive()) signal_event();
      if (std::optional<std::string> answer = frames_->take_message()) return answer;
      if (!has_intact_frames() || !is_ready(control_, POLLIN, left())) return {};
    }
  }
  while (!line.empty()) {
    const ssize_t sent = send(control_, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      line.remove_prefix(static_cast<size_t>(sent));
    else if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return {};
    else if (!is_ready(control_, POLLOUT, left()))
      return {};
  }
  for (;;) {
    if (const size_t end = received_.find('\n'); end != std::string::npos) {
      std::string answer = received_.substr(0, end);
      received_.erase(0, end + 1);
      return answer;
    }
    if (!is_ready(control_, POLLIN, left())) return {};
    char bytes[4096];
    const ssize_t count = recv(control_, bytes, sizeof bytes, 0);
    if (count <= 0) return {};
    received_.append(bytes, static_cast<size_t>(count));
  }
}

void HelperProcess::notify() {
  lane_->client.bell.fetch_add(1);
  if (lane_->helper.sleeps.load() != 0) platform::ring(lane_->client.bell);
}

// `ready` gives a state once there is one.
template <typename Ready>
Waited HelperProcess::wait(Ready ready, std::chrono::milliseconds limit) {
  if (frames_ != nullptr) return wait_for_frames(ready, limit);
  const auto start = Clock::now();
  const auto spin = spin_.limit();
  bool has_slept = false;
  for (;;) {
    const uint32_t seen = lane_->helper.bell.load();
    if (const std::optional<Waited> state = ready()) {
      if (!has_slept) spin_.found();
      return *state;
    }
    if (Clock::now() - start < spin) {
      for (int round = 0; round < kSpinRounds; ++round) {
        if (lane_->helper.bell.load(std::memory_order_acquire) != seen) break;
        platform::pause_processor();
      }
      continue;
    }
    if (!std::exchange(has_slept, true)) spin_.missed();
    lane_->client.sleeps.store(1);
    if (lane_->helper.bell.load() == seen)
      platform::sleep_on(lane_->helper.bell, seen, kLongestSleep);
    lane_->client.sleeps.store(0);
    if (const std::optional<Waited> state = ready()) return *state;
    if (has_ended()) return Waited::kEnded;
    if (limit > 0ms && Clock::now() - start >= limit) return Waited::kTimedOut;
  }
}

#else

Result<HelperProcess> HelperProcess::start(const Start&) {
  return Error{ErrorCode::kNotSupported, "calls in a helper process are there on Linux only"};
}

HelperProcess::~HelperProcess() = default;
void HelperProcess::clear_event() {}
void HelperProcess::begin_frames() {}
void HelperProcess::take_frames() {}
void HelperProcess::start_job(uint32_t, uint32_t, std::span<const channel::FrameRange>) {}
void HelperProcess::answer_callback(bool, bool, std::span<const channel::FrameRange>) {}
bool HelperProcess::has_ended() { return true; }
std::optional<std::string> HelperProcess::request(std::string_view, std::chrono::milliseconds) {
  return {};
}
void HelperProcess::notify() {}

template <typename Ready>
Waited HelperProcess::wait(Ready, std::chrono::milliseconds) {
  return Waited::kEnded;
}

#endif

bool HelperProcess::take_callback() {
  const uint32_t asked = lane_->helper.callbacks.load();
  return std::exchange(callbacks_taken_, asked) != asked;
}

Waited HelperProcess::call(const Posted& posted, std::chrono::milliseconds limit) {
  channel::Call& call = lane_->calls[posted.depth];
  call.plan = frame().plan;
  call.rows = posted.rows;
  std::memcpy(&call.registers, &frame().registers, posted.bytes);
  if (frames_ != nullptr) {
    call.state.store(static_cast<uint32_t>(CallState::kPosted));
    const channel::CallHead head{.plan = call.plan,
                                 .image_bytes = posted.bytes,
                                 .rows = posted.rows,
                                 .ranges = static_cast<uint32_t>(posted.ranges.size()),
                                 .reserved = 0};
    frames_->send_call(channel::kSlots + posted.depth, head, call.registers, posted.ranges);
    return resume(posted.depth, limit);
  }
  call.state.store(static_cast<uint32_t>(CallState::kPosted));
  notify();
  return resume(posted.depth, limit);
}

Waited HelperProcess::resume(uint32_t depth, std::chrono::milliseconds limit) {
  channel::Call& call = lane_->calls[depth];
  const auto ready = [&]() -> std::optional<Waited> {
    if (call.state.load() == static_cast<uint32_t>(CallState::kDone)) return Waited::kDone;
    return take_callback() ? std::optional(Waited::kCallback) : std::nullopt;
  };
  const Waited waited = wait(ready, limit);
  if (waited != Waited::kDone) return waited;
  call.state.store(static_cast<uint32_t>(CallState::kIdle));
  frame().status = call.status;
  frame().error_number = call.error_number;
  abi::copy_results(frame().registers, call.registers);
  return waited;
}

Waited HelperProcess::wait_for_jobs(uint32_t seen, std::chrono::milliseconds limit) {
  const auto ready = [this, seen]() -> std::optional<Waited> {
    if (take_callback()) return Waited::kCallback;
    if (lane_->helper.jobs.load() != seen) return Waited::kDone;
    return {};
  };
  return wait(ready, limit);
}

}  // namespace nearfar::addon
