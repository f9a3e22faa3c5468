#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "addon/helper_frames.h"
#include "channel/layout.h"
#include "core/result.h"
#include "platform/adaptive_spin.h"
#include "platform/child_process.h"
#include "platform/child_stream.h"

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
    int lane_descriptor;  // -1, and so is the other: nothing is shared.
    int heap_descriptor;
  };

  // Its descriptors are 0: control, and where memory is shared 3: lane, 4: heap, 5: event.
  static Result<HelperProcess> start(const Start& options);

  HelperProcess(HelperProcess&& other) noexcept;
  HelperProcess& operator=(HelperProcess&& other) = delete;
  ~HelperProcess();

  platform::ChildProcess& process() { return process_; }

  // What the event loop hears of news by: see platform::ChildStream::handle.
  platform::FileHandle news_handle() const;

  // Takes the news themselves. False if no more can come.
  bool take_news();

  // Called for news that a wait has taken before the event loop could hear of them.
  void on_unheard_news(std::function<void()> listener) { on_unheard_news_ = std::move(listener); }

  // From here on the control channel carries frames, and calls with them.
  void begin_frames();

  // Takes what has come as frames, before the process is forgotten.
  void take_frames();

  // Sends a line and gives the next one; empty if the process ends or the time is up before.
  std::optional<std::string> request(std::string_view line, std::chrono::milliseconds limit);

  // A synchronous call.
  struct Posted {
    uint32_t depth;                               // How many callbacks are in progress.
    uint32_t bytes;                               // That its registers take.
    uint64_t rows;                                // As channel::Call has it.
    std::span<const channel::FrameRange> ranges;  // That it takes along in a frame.
  };

  // Makes the synchronous call that is in the frame and waits for it; `resume` goes on waiting. No
  // limit: 0.
  Waited call(const Posted& posted, std::chrono::milliseconds limit);
  Waited resume(uint32_t depth, std::chrono::milliseconds limit);

  // In frames: makes the asynchronous call that is in a slot, and answers the callback in the lane.
  void start_job(uint32_t slot, uint32_t bytes, std::span<const channel::FrameRange> ranges);
  void answer_callback(bool is_queued, bool has_result,
                       std::span<const channel::FrameRange> ranges);

  // Waits until `jobs` of the helper is not `seen`, or for a callback.
  Waited wait_for_jobs(uint32_t seen, std::chrono::milliseconds limit);

  // Whether there is a callback that waits for its first answer.
  bool take_callback();

  // Tells the helper that there are news.
  void notify();

 private:
  HelperProcess(platform::ChildStream control, channel::Lane* lane);

  template <typename Ready>
  Waited wait_for_frames(Ready ready, std::chrono::milliseconds limit);
  bool has_intact_frames();
  void receive_frames();
  bool send_line(std::string_view line, std::chrono::steady_clock::time_point deadline);
  std::optional<std::string> receive_line(std::chrono::steady_clock::time_point deadline);
  template <typename Ready>
  Waited wait(Ready ready, std::chrono::milliseconds limit);
  abi::Frame& frame() { return *reinterpret_cast<abi::Frame*>(lane_->frame); }

  platform::ChildProcess process_;
  platform::ChildStream control_;
  int event_ = -1;  // Where memory is shared.
  std::unique_ptr<HelperFrames> frames_;
  std::function<void()> on_unheard_news_ = [] {};
  channel::Lane* lane_ = nullptr;
  uint32_t callbacks_taken_ = 0;
  platform::AdaptiveSpin spin_;
  std::string received_;  // Of the next line.
};

}  // namespace nearfar::addon
