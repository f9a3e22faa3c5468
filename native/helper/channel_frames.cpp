#include "helper/channel_frames.h"

#include <cstring>
#include <optional>

#include "channel/frame_bytes.h"
#include "helper/channel.h"
#include "helper/frame_receiver.h"
#include "helper/session.h"
#include "platform/doorbell.h"

// Calls that come and go as frames, where no memory can be shared: what a call takes along is
// copied to the same addresses here, and from there on everything is as with shared memory.
namespace nearfar::helper {
namespace {

using channel::FrameRange;

bool is_within(const platform::SharedMemory& memory, uint64_t address, uint64_t bytes) {
  const uint64_t start = reinterpret_cast<uintptr_t>(memory.bytes().data());
  const uint64_t size = memory.bytes().size();
  return address >= start && address - start <= size && bytes <= size - (address - start);
}

Failure too_short() {
  return {FailureCode::kOutOfBounds, "a frame is shorter than what it says it has"};
}

}  // namespace

Result<std::unique_ptr<Channel>> Channel::mirror(const SharedRange& lane, const SharedRange& heap,
                                                 const std::shared_ptr<Session>& client) {
  if (lane.bytes < sizeof(channel::Lane)) {
    return Error{ErrorCode::kInvalidArgument, "the lane is too small"};
  }
  Result<platform::SharedMemory> own_lane =
      platform::SharedMemory::mirror(lane.address, lane.bytes);
  if (!own_lane) return own_lane.error();
  Result<platform::SharedMemory> own_heap =
      platform::SharedMemory::mirror(heap.address, heap.bytes);
  if (!own_heap) return own_heap.error();
  constexpr int kNoEvent = -1;
  std::unique_ptr<Channel> made(
      new Channel(std::move(own_lane.value()), std::move(own_heap.value()), kNoEvent));
  made->client_ = client;
  made->frames_ = client->frames();
  made->frames_->tell([channel = made.get()] { channel->ring_own_bell(); });
  return made;
}

bool Channel::serves(const Session& client) const { return client_.lock().get() == &client; }

Problem Channel::receive_call(uint32_t number, std::string_view body) {
  const std::optional<channel::CallHead> head = channel::take_value<channel::CallHead>(body);
  if (!head) return too_short();
  if (number >= channel::kCallNumbers || head->image_bytes > sizeof(abi::Registers)) {
    return Failure{FailureCode::kOutOfBounds, "a call has a number below " +
                                                  std::to_string(channel::kCallNumbers) +
                                                  ", and no more than all registers"};
  }
  if (is_busy_[number]) {
    return Failure{FailureCode::kCallFailed, "a call of that number has not ended"};
  }
  if (head->rows != 0 && !is_mirrored(head->rows, sizeof(channel::Rows))) {
    return Failure{FailureCode::kOutOfBounds, "the rows are not in the memory of calls"};
  }
  if (body.size() < head->image_bytes) return too_short();
  const std::string_view image = channel::take_bytes(body, head->image_bytes);
  if (Problem problem = take_ranges(body, head->ranges, &returning_[number])) return problem;
  is_busy_[number] = true;
  if (number < channel::kSlots) {
    channel::Slot& slot = lane_.slots[number];
    slot.plan = head->plan;
    slot.rows = head->rows;
    std::memcpy(&slot.registers, image.data(), image.size());
    const uint32_t count = lane_.client.jobs.load();
    lane_.started[count % channel::kSlots] = number;
    lane_.client.jobs.store(count + 1);
  } else {
    channel::Call& call = lane_.calls[number - channel::kSlots];
    call.plan = head->plan;
    call.rows = head->rows;
    std::memcpy(&call.registers, image.data(), image.size());
    call.state.store(static_cast<uint32_t>(channel::CallState::kPosted));
  }
  ring_own_bell();
  return {};
}

Problem Channel::receive_answer(uint32_t number, std::string_view body) {
  if (number > 1) return Failure{FailureCode::kOutOfBounds, "an answer has the number 0 or 1"};
  const std::optional<channel::AnswerHead> head = channel::take_value<channel::AnswerHead>(body);
  if (!head || body.size() < abi::kResultBytes) return too_short();
  const std::string_view results = channel::take_bytes(body, abi::kResultBytes);
  if (Problem problem = take_ranges(body, head->ranges, nullptr)) return problem;
  channel::CallbackCall& call = number == 0 ? lane_.callback : lane_.queued;
  std::memcpy(call.registers.result_gp, results.data(), results.size());
  call.has_result = head->has_result;
  call.answered.store(1);
  ring_own_bell();
  return {};
}

bool Channel::is_mirrored(uint64_t address, uint64_t bytes) const {
  return is_within(memory_, address, bytes) || is_within(heap_, address, bytes);
}

// All are checked before the first is written.
Problem Channel::take_ranges(std::string_view& body, uint32_t count,
                             std::vector<FrameRange>* returning) {
  if (body.size() / sizeof(FrameRange) < count) return too_short();
  std::vector<FrameRange> coming;
  std::vector<FrameRange> going;
  uint64_t bytes = 0;
  for (uint32_t index = 0; index < count; ++index) {
    const FrameRange range = *channel::take_value<FrameRange>(body);
    if (!is_mirrored(range.address, range.bytes)) {
      return Failure{FailureCode::kOutOfBounds, "a range is not in the memory of calls"};
    }
    if ((range.ways & channel::kThere) != 0) {
      coming.push_back(range);
      bytes += range.bytes;
      if (bytes > body.size()) return too_short();
    }
    if ((range.ways & channel::kAndBack) != 0) going.push_back(range);
  }
  if (bytes > body.size()) return too_short();
  for (const FrameRange& range : coming) channel::take_contents(body, range);
  if (returning != nullptr) *returning = std::move(going);
  return {};
}

void Channel::ring_own_bell() {
  lane_.client.bell.fetch_add(1);
  if (lane_.helper.sleeps.load() != 0) platform::ring(lane_.client.bell);
}

void Channel::send_result(uint32_t number, const channel::ResultHead& head,
                          const abi::Registers& registers) {
  std::vector<std::string_view> parts = {channel::bytes_of(head), channel::results_of(registers)};
  const std::vector<FrameRange> returning = std::move(returning_[number]);
  channel::add_contents(returning, channel::kAndBack, parts);
  std::string text;
  if (head.text_length != channel::kNoText) {
    text.assign(reinterpret_cast<const char*>(registers.stack), head.text_length);
    parts.push_back(text);
  }
  const std::shared_ptr<Session> client = client_.lock();
  // From here on the client may use the number again.
  is_busy_[number] = false;
  if (client != nullptr) client->send_frame(channel::FrameKind::kResult, number, parts);
}

void Channel::send_callback(bool is_queued, const channel::CallbackCall& call, size_t stack_words) {
  const auto kind = is_queued ? channel::FrameKind::kQueued : channel::FrameKind::kCallback;
  const std::string_view image =
      channel::image_of(call.registers, abi::kRegisterBytes + stack_words * sizeof(uint64_t));
  const std::shared_ptr<Session> client = client_.lock();
  if (client != nullptr) client->send_frame(kind, call.id, {&image, 1});
}

}  // namespace nearfar::helper
