#include "helper/frame_receiver.h"

#include <chrono>
#include <thread>
#include <utility>

#include "helper/channel_frames.h"
#include "helper/session.h"

namespace nearfar::helper {
namespace {

using namespace std::chrono_literals;

// How long nobody has to receive before who watches does. To be woken by each call would cost more
// than all else that there is to a short one.
constexpr auto kPatience = 1ms;

// After so many looks at one and the same turn it sleeps until that ends.
constexpr uint32_t kIdleLooks = 16;

}  // namespace

bool FrameReceiver::receive_next(const std::atomic<uint32_t>& bell, uint32_t seen) {
  {
    std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn) {
      is_wanted_ = true;
      // Who has the turn may have looked for the wish just before.
      if (!turn.try_lock()) return false;
    }
    if (is_over_) return false;
    // Changed before this thread had its turn: what it waits for may be there.
    if (bell.load() == seen) {
      look_for_input();
      receive();
    }
  }
  end_turn();
  return true;
}

// Asleep, this thread would have to be woken.
void FrameReceiver::look_for_input() {
  const auto end = std::chrono::steady_clock::now() + spin_.limit();
  do {
    if (reader_.has_input()) return spin_.found();
  } while (std::chrono::steady_clock::now() < end);
  spin_.missed();
}

void FrameReceiver::watch() {
  receive_alone();
  uint32_t seen = turns_;
  uint32_t looks = 0;
  while (!is_over_) {
    if (looks < kIdleLooks) {
      std::this_thread::sleep_for(kPatience);
    } else {
      sleep_until_others_receive(seen);
    }
    // From before the attempt: a turn that ends right after it has failed is not missed.
    const uint32_t now = turns_;
    if (now != std::exchange(seen, now)) {
      looks = 0;
    } else if (receive_alone()) {
      looks = 0;
      seen = turns_;
    } else {
      ++looks;
    }
  }
  // The session ends here: whoever had the last turn has left it.
  const std::lock_guard last(turn_);
}

// One frame after the other, until somebody else wants to. False, at once, while somebody else
// does.
bool FrameReceiver::receive_alone() {
  {
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn) return false;
    while (!is_over_ && !is_wanted_) receive();
  }
  end_turn();
  return true;
}

void FrameReceiver::sleep_until_others_receive(uint32_t seen) {
  std::unique_lock lock(sleep_mutex_);
  is_asleep_ = true;
  // A turn that ends now either is seen here or sees that this thread is asleep.
  if (turns_ == seen) wake_.wait(lock, [this] { return !is_asleep_; });
  is_asleep_ = false;
}

void FrameReceiver::end_turn() {
  ++turns_;
  if (is_wanted_.exchange(false)) on_free_();
  if (!is_asleep_.exchange(false)) return;
  const std::lock_guard lock(sleep_mutex_);
  wake_.notify_one();
}

void FrameReceiver::receive() {
  switch (reader_.next(head_, body_)) {
    case FrameReader::Event::kFrame:
      return handle();
    case FrameReader::Event::kTooLong:
      return session_.refuse_line(most_);
    case FrameReader::Event::kEnd:
      is_over_ = true;
  }
}

void FrameReceiver::handle() {
  if (head_.kind != static_cast<uint32_t>(channel::FrameKind::kMessage)) {
    const Problem problem = receive_frame(session_, head_, body_);
    if (problem) session_.refuse(*problem);
  } else if (head_.number <= body_.size()) {
    const size_t text = body_.size() - head_.number;
    session_.receive(body_.substr(0, text), body_.substr(text));
  } else {
    session_.refuse({FailureCode::kOutOfBounds, "a message is shorter than its attachment"});
  }
}

}  // namespace nearfar::helper
