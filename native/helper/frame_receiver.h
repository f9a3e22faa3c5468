#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "helper/frames.h"
#include "platform/adaptive_spin.h"

namespace nearfar::helper {

class Session;

// Receives the frames of a client, on one thread at a time. Whoever waits for a frame receives it:
// above all the thread that runs calls, so that a call needs no other thread. While that one is in
// a call for long, the one that watches receives: requests are answered, however long a call takes.
class FrameReceiver {
 public:
  // The session must stay until `watch` has returned. Of a frame with more than `most` bytes the
  // client is told; 0 for no limit.
  FrameReceiver(Session& session, FrameReader reader, size_t most)
      : session_(session), reader_(std::move(reader)), most_(most) {}

  // Waits for a frame and does what it says, unless the bell has changed. False, at once, while
  // another thread waits for one, or once there are no more.
  bool receive_next(const std::atomic<uint32_t>& bell, uint32_t seen);

  // Called when another thread could have its turn that has got false: before the first does.
  void tell(std::function<void()> on_free) { on_free_ = std::move(on_free); }

  // Receives what nobody else does, until the stream ends.
  void watch();

 private:
  void look_for_input();
  void receive();
  void handle();
  bool receive_alone();
  void sleep_until_others_receive(uint32_t seen);
  void end_turn();

  Session& session_;

  std::mutex turn_;  // Of who receives; for the next five.
  FrameReader reader_;
  const size_t most_;
  channel::FrameHead head_{};
  std::string body_;
  platform::AdaptiveSpin spin_;

  std::atomic<uint32_t> turns_ = 0;      // So far.
  std::atomic<bool> is_wanted_ = false;  // Somebody has got false.
  std::atomic<bool> is_over_ = false;
  std::function<void()> on_free_;
  std::mutex sleep_mutex_;
  std::condition_variable wake_;
  std::atomic<bool> is_asleep_ = false;  // Who watches, until there is a turn.
};

}  // namespace nearfar::helper
