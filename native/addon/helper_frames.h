#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "channel/frames.h"
#include "platform/child_stream.h"

namespace nearfar::addon {

// Calls of a helper that shares no memory with this process, as frames over its control channel.
// What comes is put into the lane, where a helper with shared memory would have put it. Nothing
// that comes is believed.
class HelperFrames {
 public:
  // The stream stays the caller's.
  HelperFrames(platform::ChildStream& stream, channel::Lane* lane) : stream_(stream), lane_(lane) {}

  // False from then on if the helper is gone, or has sent what no helper sends.
  bool is_intact() const { return is_intact_; }

  // Each waits until the system has taken it, and takes what comes meanwhile.
  void send_message(std::string_view text);
  void send_call(uint32_t number, const channel::CallHead& head, const abi::Registers& registers,
                 std::span<const channel::FrameRange> ranges);
  void send_answer(bool is_queued, bool has_result, std::span<const channel::FrameRange> ranges);

  // Takes what has come, without waiting. Whether that was news for the event loop: finished
  // asynchronous calls, or a callback.
  bool receive();

  // The next answer to a message.
  std::optional<std::string> take_message();

 private:
  void send(channel::FrameKind kind, uint32_t number, std::span<const std::string_view> parts);
  void write(std::string_view bytes);
  bool has_whole_frame(channel::FrameHead& head);
  bool take(const channel::FrameHead& head, std::string_view body);
  bool take_result(uint32_t number, std::string_view body);
  bool take_callback(channel::CallbackCall& call, uint32_t id, std::string_view body);

  static constexpr size_t kReadBytes = 256 * 1024;

  platform::ChildStream& stream_;
  channel::Lane* lane_;
  bool is_intact_ = true;
  bool has_news_ = false;
  std::unique_ptr<char[]> room_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  std::string received_;
  size_t start_ = 0;  // Of what is not taken yet.
  std::deque<std::string> messages_;
  std::array<bool, channel::kCallNumbers> is_open_ = {};
  std::array<std::vector<channel::FrameRange>, channel::kCallNumbers> returning_;
};

}  // namespace nearfar::addon
