#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "channel/layout.h"
#include "core/result.h"
#include "platform/adaptive_spin.h"
#include "platform/child_process.h"

namespace nearfar::addon {

// What waiting for the helper came to; src/internal/isolate-binding.ts knows the numbers.
enum class Waited : uint32_t {
  kDone = 0,
  kEnded = 1,     // The process is no more.
  kTimedOut = 2,  // It has not answered in time. It still runs.
  kCallback = 3,  // A callback is to be run, and then waiting goes on.
};

// A helper process: its memory, its control channel of JSON lines, and how to wait for it. Only one
// thread uses it. Nothing that it writes to the shared memory is believed.
class HelperProcess {
 public:
  struct Start {
    const char* path;
    std::span<const std::string> arguments;
    channel::Lane* lane;
    int lane_descriptor;
    int heap_descriptor;
  };

  // Its descriptors are 0: control, 3: lane, 4: heap, 5: event.
  static Result<HelperProcess> start(const Start& options);

  HelperProcess(HelperProcess&& other) noexcept;
  HelperProcess& operator=(HelperProcess&& other) = delete;
  ~HelperProcess();

  platform::ChildProcess& process() { return process_; }
  int event_descriptor() const { return event_; }
  void clear_event() const;

  // Sends a line and gives the next one; empty if the process ends or the time is up before.
  std::optional<std::string> request(std::string_view line, std::chrono::milliseconds limit);

  // A synchronous call.
  struct Posted {
    uint32_t depth;  // How many callbacks are in progress.
    uint32_t bytes;  // That its registers take.
    uint64_t rows;   // As channel::Call has it.
  };

  // Makes the synchronous call that is in the frame and waits for it; `resume` goes on waiting. No
  // limit: 0.
  Waited call(const Posted& posted, std::chrono::milliseconds limit);
  Waited resume(uint32_t depth, std::chrono::milliseconds limit);

  // Waits until `jobs` of the helper is not `seen`, or for a callback.
  Waited wait_for_jobs(uint32_t seen, std::chrono::milliseconds limit);

  // Whether there is a callback that waits for its first answer.
  bool take_callback();

  // Tells the helper that there are news.
  void notify();

 private:
  HelperProcess(platform::ChildProcess process, int control, int event, channel::Lane* lane);

  template <typename Ready>
  Waited wait(Ready ready, std::chrono::milliseconds limit);
  bool has_ended();
  abi::Frame& frame() { return *reinterpret_cast<abi::Frame*>(lane_->frame); }

  platform::ChildProcess process_;
  int control_ = -1;
  int event_ = -1;
  channel::Lane* lane_ = nullptr;
  uint32_t callbacks_taken_ = 0;
  platform::AdaptiveSpin spin_;
  std::string received_;  // Of the next line.
};

}  // namespace nearfar::addon
