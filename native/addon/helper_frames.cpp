#include "addon/helper_frames.h"

#include <cstring>
#include <utility>

#include "channel/frame_bytes.h"

namespace nearfar::addon {

using channel::CallState;
using channel::FrameKind;
using channel::FrameRange;

namespace {

// Twice the largest memory of calls: whoever promises more means to fill ours.
constexpr uint64_t kMostBytes = uint64_t{8} << 30;

}  // namespace

void HelperFrames::send_message(std::string_view text) { send(FrameKind::kMessage, 0, {&text, 1}); }

void HelperFrames::send_call(uint32_t number, const channel::CallHead& head,
                             const abi::Registers& registers, std::span<const FrameRange> ranges) {
  std::vector<std::string_view> parts = {channel::bytes_of(head),
                                         channel::image_of(registers, head.image_bytes),
                                         channel::bytes_of(ranges)};
  channel::add_contents(ranges, channel::kThere, parts);
  is_open_[number] = true;
  returning_[number].clear();
  for (const FrameRange& range : ranges) {
    if ((range.ways & channel::kAndBack) != 0) returning_[number].push_back(range);
  }
  send(FrameKind::kCall, number, parts);
}

void HelperFrames::send_answer(bool is_queued, bool has_result,
                               std::span<const FrameRange> ranges) {
  const channel::CallbackCall& place = is_queued ? lane_->queued : lane_->callback;
  const channel::AnswerHead head{.has_result = has_result ? 1U : 0U,
                                 .ranges = static_cast<uint32_t>(ranges.size())};
  std::vector<std::string_view> parts = {
      channel::bytes_of(head), channel::results_of(place.registers), channel::bytes_of(ranges)};
  channel::add_contents(ranges, channel::kThere, parts);
  send(FrameKind::kAnswer, is_queued ? 1 : 0, parts);
}

std::optional<std::string> HelperFrames::take_message() {
  if (messages_.empty()) return {};
  std::string text = std::move(messages_.front());
  messages_.pop_front();
  return text;
}

void HelperFrames::send(FrameKind kind, uint32_t number, std::span<const std::string_view> parts) {
  channel::write_frame(kind, number, parts, [this](std::string_view bytes) { write(bytes); });
}

void HelperFrames::write(std::string_view bytes) {
  while (!bytes.empty() && is_intact_) {
    const std::optional<size_t> sent = stream_.send(bytes);
    if (!sent) {
      // The helper is gone. What it has sent before counts.
      has_news_ = receive() || has_news_;
      is_intact_ = false;
      return;
    }
    bytes.remove_prefix(*sent);
    if (sent != size_t{0}) continue;
    // The helper may wait for us to read before it reads on.
    if (stream_.wait({.readable = true, .writable = true}, {}).readable) {
      has_news_ = receive() || has_news_;
    }
  }
}

bool HelperFrames::receive() {
  while (is_intact_) {
    const std::optional<size_t> count = stream_.receive({room_.get(), kReadBytes});
    received_.append(room_.get(), count.value_or(0));
    if (!count) is_intact_ = false;
    channel::FrameHead head{};
    while (is_intact_ && has_whole_frame(head)) {
      const std::string_view body(received_.data() + start_, head.bytes);
      start_ += head.bytes;
      is_intact_ = take(head, body);
    }
    received_.erase(0, std::exchange(start_, 0));
    if (count.value_or(0) < kReadBytes) break;
  }
  return std::exchange(has_news_, false);
}

// Takes the head if all that belongs to it is there.
bool HelperFrames::has_whole_frame(channel::FrameHead& head) {
  const size_t there = received_.size() - start_;
  if (there < sizeof head) return false;
  std::memcpy(&head, received_.data() + start_, sizeof head);
  if (head.bytes > kMostBytes) is_intact_ = false;
  if (!is_intact_ || head.bytes > there - sizeof head) return false;
  start_ += sizeof head;
  return true;
}

bool HelperFrames::take(const channel::FrameHead& head, std::string_view body) {
  switch (static_cast<FrameKind>(head.kind)) {
    case FrameKind::kMessage:
      messages_.emplace_back(body);
      return head.number == 0;
    case FrameKind::kResult:
      return take_result(head.number, body);
    case FrameKind::kCallback:
      if (!take_callback(lane_->callback, head.number, body)) return false;
      lane_->helper.callbacks.fetch_add(1);
      return true;
    case FrameKind::kQueued:
      if (!take_callback(lane_->queued, head.number, body)) return false;
      lane_->helper.queued.fetch_add(1);
      return true;
    case FrameKind::kCall:
    case FrameKind::kAnswer:
      break;
  }
  return false;
}

bool HelperFrames::take_result(uint32_t number, std::string_view body) {
  const std::optional<channel::ResultHead> head = channel::take_value<channel::ResultHead>(body);
  if (!head || number >= channel::kCallNumbers || !std::exchange(is_open_[number], false)) {
    return false;
  }
  const std::vector<FrameRange> returning = std::move(returning_[number]);
  const bool has_text = head->text_length != channel::kNoText;
  uint64_t expected = abi::kResultBytes + (has_text ? head->text_length : 0);
  for (const FrameRange& range : returning) expected += range.bytes;
  if (body.size() != expected || (has_text && head->text_length > channel::kTextBytes))
    return false;
  const bool is_job = number < channel::kSlots;
  const uint32_t depth = is_job ? 0 : number - channel::kSlots;
  abi::Registers& registers =
      is_job ? lane_->slots[number].registers : lane_->calls[depth].registers;
  std::memcpy(registers.result_gp, channel::take_bytes(body, abi::kResultBytes).data(),
              abi::kResultBytes);
  for (const FrameRange& range : returning) channel::take_contents(body, range);
  std::memcpy(registers.stack, body.data(), body.size());
  if (is_job) {
    channel::Slot& slot = lane_->slots[number];
    slot.status = head->status;
    slot.error_number = head->error_number;
    slot.text_length = head->text_length;
    const uint32_t count = lane_->helper.jobs.load();
    lane_->finished[count % channel::kSlots] = number;
    lane_->helper.jobs.store(count + 1);
    has_news_ = true;
  } else {
    channel::Call& call = lane_->calls[depth];
    call.status = head->status;
    call.error_number = head->error_number;
    call.state.store(static_cast<uint32_t>(CallState::kDone));
  }
  return true;
}

bool HelperFrames::take_callback(channel::CallbackCall& call, uint32_t id, std::string_view body) {
  if (body.size() < abi::kRegisterBytes || body.size() > sizeof(abi::Registers)) return false;
  call.id = id;
  std::memcpy(&call.registers, body.data(), body.size());
  has_news_ = true;
  return true;
}

}  // namespace nearfar::addon
