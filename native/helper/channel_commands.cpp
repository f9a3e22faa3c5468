#include "helper/channel.h"
#include "helper/channel_frames.h"
#include "helper/channel_signature.h"
#include "helper/command.h"
#include "helper/json/write.h"
#include "helper/number.h"
#include "helper/session.h"

// Commands that open the fast channel of this process and say what goes over it.
namespace nearfar::helper {
namespace {

// Of `flags` in a plan: PLAN_FLAGS in src/internal/binding.ts.
constexpr uint64_t kCapturesError = 1;
constexpr uint64_t kWin64 = 2;
constexpr uint64_t kGivesText = 4;

// Plans and callbacks are numbered by the client; more would be a mistake, and take memory.
constexpr uint64_t kMaxIndex = 1 << 24;

// Null until it is opened. Never destroyed: its thread runs until the process ends.
Channel* the_channel = nullptr;

Outcome<Channel*> require_channel() {
  if (the_channel != nullptr) return the_channel;
  return Failure{FailureCode::kCallFailed, "there is no channel yet"};
}

Failure failure_of(FailureCode code, const Error& error) { return {code, error.detail}; }

Outcome<SharedRange> read_range(const Params& params, std::string_view name, bool is_shared) {
  const Outcome<const json::Value*> value = params.require(name);
  if (!value) return value.failure();
  const Params parts(*value.value(), false);
  const Outcome<uint64_t> descriptor = is_shared ? parts.count("fd") : Outcome<uint64_t>(0);
  if (!descriptor) return descriptor.failure();
  const Outcome<uint64_t> address = parts.count("address");
  if (!address) return address.failure();
  const Outcome<uint64_t> bytes = parts.count("bytes");
  if (!bytes) return bytes.failure();
  return SharedRange{.descriptor = static_cast<int>(descriptor.value()),
                     .address = address.value(),
                     .bytes = bytes.value()};
}

Outcome<uint32_t> read_index(const Params& params) {
  const Outcome<uint64_t> index = params.count("index");
  if (!index) return index.failure();
  if (index.value() < kMaxIndex) return static_cast<uint32_t>(index.value());
  return Failure{FailureCode::kOutOfBounds, "index must be below " + std::to_string(kMaxIndex) +
                                                ", got " + std::to_string(index.value())};
}

Outcome<ChannelTypes> read_types(const Params& params) {
  const Outcome<const json::Value*> list = params.require("types");
  if (!list) return list.failure();
  return read_channel_types(*list.value());
}

Outcome<uint64_t> find_address(Session& session, const Params& params) {
  const Outcome<std::string> handle = params.text("handle");
  if (!handle) return handle.failure();
  const std::shared_ptr<Library> library = session.tables.libraries.find(handle.value());
  if (library == nullptr) {
    return Failure{FailureCode::kInvalidHandle, "no library has that handle"};
  }
  const Outcome<std::string> name = params.text("name");
  if (!name) return name.failure();
  const json::Value* const version = params.find("version");
  const char* const wanted = version == nullptr ? nullptr : version->text.c_str();
  const Result<void*> found =
      platform::find_symbol(library->handle(), name.value().c_str(), wanted);
  if (!found) return failure_of(FailureCode::kSymbolFailed, found.error());
  return reinterpret_cast<uintptr_t>(found.value());
}

Reply address_reply(uint64_t address) { return text_reply("address", std::to_string(address)); }

}  // namespace

// {lane: {fd, address, bytes}, heap: the same, event: fd}; over frames without descriptors
Outcome<Reply> run_channel(Session& session, const Params& params) {
  if (the_channel != nullptr)
    return Failure{FailureCode::kCallFailed, "there is a channel already"};
  const bool is_shared = !session.has_frames();
  const Outcome<SharedRange> lane = read_range(params, "lane", is_shared);
  if (!lane) return lane.failure();
  const Outcome<SharedRange> heap = read_range(params, "heap", is_shared);
  if (!heap) return heap.failure();
  const Outcome<uint64_t> event = is_shared ? params.count("event") : Outcome<uint64_t>(0);
  if (!event) return event.failure();
  Result<std::unique_ptr<Channel>> opened =
      is_shared ? Channel::open(lane.value(), heap.value(), static_cast<int>(event.value()))
                : Channel::mirror(lane.value(), heap.value(), session.shared_from_this());
  if (!opened) return failure_of(FailureCode::kAllocationFailed, opened.error());
  if (!opened.value()->start()) {
    return Failure{FailureCode::kAllocationFailed, "no thread could be started"};
  }
  the_channel = opened.value().release();
  return Reply{};
}

// {handle, name, version?} -> {address}
Outcome<Reply> run_address(Session& session, const Params& params) {
  const Outcome<uint64_t> address = find_address(session, params);
  if (!address) return address.failure();
  return address_reply(address.value());
}

// {index, name, address, types, fixed?, flags}
Outcome<Reply> run_plan(Session&, const Params& params) {
  const Outcome<Channel*> channel = require_channel();
  if (!channel) return channel.failure();
  const Outcome<uint32_t> index = read_index(params);
  if (!index) return index.failure();
  const Outcome<std::string> name = params.text("name");
  if (!name) return name.failure();
  const Outcome<uint64_t> address = params.count("address");
  if (!address) return address.failure();
  const Outcome<uint64_t> flags = params.count("flags");
  if (!flags) return flags.failure();
  const Outcome<ChannelTypes> types = read_types(params);
  if (!types) return types.failure();
  const json::Value* const fixed = params.find("fixed");
  const abi::Signature signature = {
      .arguments = types.value().arguments,
      .result = types.value().result,
      .fixed = fixed == nullptr ? abi::kNotVariadic
                                : static_cast<size_t>(to_unsigned(*fixed).value_or(0))};
  const Result<abi::Plan> made =
      (flags.value() & kWin64) != 0 ? abi::win64::make_plan(signature) : abi::make_plan(signature);
  if (!made) return failure_of(FailureCode::kUnsupportedArguments, made.error());
  channel.value()->set_plan(
      index.value(), {.target = reinterpret_cast<void*>(static_cast<uintptr_t>(address.value())),
                      .stack_words = made.value().stack_words,
                      .captures_error = (flags.value() & kCapturesError) != 0,
                      .gives_text = (flags.value() & kGivesText) != 0,
                      .name = keep_name(name.value()),
                      .execute = made.value().execute,
                      .direct = made.value().direct});
  return Reply{};
}

// {index}: its calls find it closed.
Outcome<Reply> run_plan_free(Session&, const Params& params) {
  const Outcome<Channel*> channel = require_channel();
  if (!channel) return channel.failure();
  const Outcome<uint32_t> index = read_index(params);
  if (!index) return index.failure();
  channel.value()->set_plan(index.value(), {});
  return Reply{};
}

// {index, types, thread} -> {address}; `thread` is a ThreadPolicy.
Outcome<Reply> run_channel_callback(Session&, const Params& params) {
  const Outcome<Channel*> channel = require_channel();
  if (!channel) return channel.failure();
  const Outcome<uint32_t> index = read_index(params);
  if (!index) return index.failure();
  const Outcome<ChannelTypes> types = read_types(params);
  if (!types) return types.failure();
  const Outcome<uint64_t> thread = params.count("thread");
  if (!thread) return thread.failure();
  if (thread.value() > static_cast<uint64_t>(ThreadPolicy::kDrop)) {
    return Failure{FailureCode::kOutOfBounds, "there is no such policy for threads"};
  }
  const Result<uint64_t> address = channel.value()->make_callback(
      index.value(), {.arguments = types.value().arguments, .result = types.value().result},
      static_cast<ThreadPolicy>(thread.value()));
  if (!address) return failure_of(FailureCode::kUnsupportedArguments, address.error());
  return address_reply(address.value());
}

// {index}
Outcome<Reply> run_channel_callback_free(Session&, const Params& params) {
  const Outcome<Channel*> channel = require_channel();
  if (!channel) return channel.failure();
  const Outcome<uint32_t> index = read_index(params);
  if (!index) return index.failure();
  channel.value()->release_callback(index.value());
  return Reply{};
}

Problem receive_frame(const Session& client, const channel::FrameHead& head,
                      const std::string& body) {
  Outcome<Channel*> channel = require_channel();
  if (channel && !channel.value()->serves(client)) {
    channel = Failure{FailureCode::kCallFailed, "the channel is another client's"};
  }
  switch (static_cast<channel::FrameKind>(head.kind)) {
    case channel::FrameKind::kCall:
      return channel ? channel.value()->receive_call(head.number, body) : channel.failure();
    case channel::FrameKind::kAnswer:
      return channel ? channel.value()->receive_answer(head.number, body) : channel.failure();
    case channel::FrameKind::kMessage:
    case channel::FrameKind::kResult:
    case channel::FrameKind::kCallback:
    case channel::FrameKind::kQueued:
      break;
  }
  return Failure{FailureCode::kUnknownCommand,
                 "no client sends frames of kind " + std::to_string(head.kind)};
}

}  // namespace nearfar::helper
