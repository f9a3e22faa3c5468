#include "addon/isolate.h"

#include <cstring>
#include <string>
#include <vector>

#include "addon/environment.h"
#include "addon/helper_handle.h"
#include "napi/napi.h"

// Calls in a helper process, as far as JavaScript cannot make them: memory, processes, waiting.
// What is in the memory is JavaScript's business; see src/internal/isolate-binding.ts.
namespace nearfar::addon {
namespace {

using std::chrono::milliseconds;

napi_value from_waited(napi_env env, Waited waited) {
  return napi::from_double(env, static_cast<double>(waited));
}

std::optional<milliseconds> to_limit(napi_env env, napi_value value) {
  const std::optional<uint32_t> number = napi::to_uint32(env, value);
  if (!number) return {};
  return milliseconds(*number);
}

HelperHandle* to_helper(napi_env env, napi_value value, const Environment& environment) {
  const std::optional<uint32_t> handle = napi::to_uint32(env, value);
  if (!handle) return nullptr;
  const auto found = environment.isolates->helpers.find(*handle);
  if (found != environment.isolates->helpers.end()) return found->second;
  napi::throw_error(env, ErrorCode::kInvalidArgument, "no such helper");
  return nullptr;
}

const platform::SharedMemory* to_memory(napi_env env, napi_value buffer,
                                        const Environment& environment) {
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, buffer);
  if (!bytes) return nullptr;
  const auto found = environment.isolates->memory.find(bytes->data());
  if (found != environment.isolates->memory.end()) return found->second.get();
  napi::throw_error(env, ErrorCode::kInvalidArgument, "no shared memory");
  return nullptr;
}

// Runs when the ArrayBuffer is gone, which may be after the environment.
void release_memory(napi_env, void* start, void* hint) {
  const std::unique_ptr<std::shared_ptr<Isolates>> isolates(
      static_cast<std::shared_ptr<Isolates>*>(hint));
  (*isolates)->memory.erase(static_cast<const std::byte*>(start));
}

// The memory that a frame takes along: three numbers for each. Empty without any.
std::optional<std::vector<channel::FrameRange>> to_ranges(napi_env env, napi_value value) {
  std::vector<channel::FrameRange> ranges;
  if (napi::is_nullish(env, value)) return ranges;
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, value);
  if (!bytes) return {};
  constexpr size_t kNumbers = 3;
  double numbers[kNumbers];
  for (size_t at = 0; at + sizeof numbers <= bytes->size(); at += sizeof numbers) {
    std::memcpy(numbers, bytes->data() + at, sizeof numbers);
    ranges.push_back({.address = static_cast<uint64_t>(numbers[0]),
                      .bytes = static_cast<uint64_t>(numbers[1]),
                      .ways = static_cast<uint32_t>(numbers[2]),
                      .reserved = 0});
  }
  return ranges;
}

// shareMemory(bytes, isPrivate) -> ArrayBuffer
napi_value share_memory(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const std::shared_ptr<Isolates>& isolates = arguments.data<Environment>().isolates;
  const std::optional<double> bytes = napi::to_double(env, arguments[0]);
  if (!bytes) return nullptr;
  bool is_private = false;
  if (!napi::check(env, napi_get_value_bool(env, arguments[1], &is_private))) return nullptr;
  const auto size = static_cast<size_t>(*bytes);
  Result<platform::SharedMemory> made = is_private ? platform::SharedMemory::create_private(size)
                                                   : platform::SharedMemory::create(size);
  if (!made) return napi::throw_error(env, made.error());
  auto memory = std::make_unique<platform::SharedMemory>(std::move(made.value()));
  const std::span<std::byte> range = memory->bytes();
  auto hint = std::make_unique<std::shared_ptr<Isolates>>(isolates);
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(env, range.data(), range.size(),
                                                              release_memory, hint.get(), &buffer);
  if (status == napi_no_external_buffers_allowed) {
    return napi::throw_error(env, ErrorCode::kNotSupported,
                             "this runtime has no external buffers, which shared memory needs");
  }
  if (!napi::check(env, status)) return nullptr;
  static_cast<void>(hint.release());
  isolates->memory.emplace(range.data(), std::move(memory));
  return buffer;
}

std::optional<std::vector<std::string>> to_strings(napi_env env, napi_value array) {
  uint32_t count = 0;
  if (!napi::check(env, napi_get_array_length(env, array, &count))) return {};
  std::vector<std::string> strings;
  for (uint32_t index = 0; index < count; ++index) {
    napi_value element = nullptr;
    if (!napi::check(env, napi_get_element(env, array, index, &element))) return {};
    std::optional<std::string> text = napi::to_string(env, element);
    if (!text) return {};
    strings.push_back(std::move(*text));
  }
  return strings;
}

// startHelper(path, arguments, lane, heap, onEvent) -> [handle, process id]
napi_value start_helper(napi_env env, napi_callback_info info) {
  const napi::Arguments<5> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<std::string> path = napi::to_string(env, arguments[0]);
  if (!path) return nullptr;
  const std::optional<std::vector<std::string>> flags = to_strings(env, arguments[1]);
  if (!flags) return nullptr;
  const platform::SharedMemory* const lane = to_memory(env, arguments[2], environment);
  if (lane == nullptr) return nullptr;
  const platform::SharedMemory* const heap = to_memory(env, arguments[3], environment);
  if (heap == nullptr) return nullptr;
  if (lane->bytes().size() < sizeof(channel::Lane)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the lane is too small");
  }
  Result<HelperProcess> started =
      HelperProcess::start({.path = path->c_str(),
                            .arguments = *flags,
                            .lane = reinterpret_cast<channel::Lane*>(lane->bytes().data()),
                            .lane_descriptor = lane->descriptor(),
                            .heap_descriptor = heap->descriptor()});
  if (!started) return napi::throw_error(env, started.error());
  const int id = started.value().process().id();
  HelperHandle* const handle = HelperHandle::create(env, std::move(started.value()), arguments[4]);
  if (handle == nullptr) return nullptr;
  const uint32_t number = ++environment.isolates->last_helper;
  environment.isolates->helpers.emplace(number, handle);
  napi_value list = napi::make_array(env);
  const bool complete = napi::append(env, list, napi::from_double(env, number)) &&
                        napi::append(env, list, napi::from_double(env, id));
  return complete ? list : nullptr;
}

// request(handle, line, limitMs) -> the next line, undefined if there is none
napi_value request(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<std::string> line = napi::to_string(env, arguments[1]);
  if (!line) return nullptr;
  const std::optional<milliseconds> limit = to_limit(env, arguments[2]);
  if (!limit) return nullptr;
  const std::optional<std::string> answer = handle->helper().request(*line, *limit);
  return answer ? napi::from_utf8(env, *answer) : nullptr;
}

// call(handle, depth, registerBytes, limitMs, rows, ranges) -> Waited
napi_value call(napi_env env, napi_callback_info info) {
  const napi::Arguments<6> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<uint32_t> depth = napi::to_uint32(env, arguments[1]);
  if (!depth) return nullptr;
  const std::optional<uint32_t> bytes = napi::to_uint32(env, arguments[2]);
  if (!bytes) return nullptr;
  const std::optional<milliseconds> limit = to_limit(env, arguments[3]);
  if (!limit) return nullptr;
  const std::optional<double> rows = napi::to_double(env, arguments[4]);
  if (!rows) return nullptr;
  if (*depth > channel::kMaxDepth || *bytes > sizeof(abi::Registers)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "depth or size of a call");
  }
  const std::optional<std::vector<channel::FrameRange>> ranges = to_ranges(env, arguments[5]);
  if (!ranges) return nullptr;
  const HelperProcess::Posted posted = {*depth, *bytes, static_cast<uint64_t>(*rows), *ranges};
  return from_waited(env, handle->helper().call(posted, *limit));
}

// beginFrames(handle): what was asked for in a line holds from now on
napi_value begin_frames(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle != nullptr) handle->helper().begin_frames();
  return nullptr;
}

// startJob(handle, slot, registerBytes, ranges): in frames
napi_value start_job(napi_env env, napi_callback_info info) {
  const napi::Arguments<4> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<uint32_t> slot = napi::to_uint32(env, arguments[1]);
  if (!slot) return nullptr;
  const std::optional<uint32_t> bytes = napi::to_uint32(env, arguments[2]);
  if (!bytes) return nullptr;
  const std::optional<std::vector<channel::FrameRange>> ranges = to_ranges(env, arguments[3]);
  if (!ranges) return nullptr;
  if (*slot >= channel::kSlots || *bytes > sizeof(abi::Registers)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "slot or size of a call");
  }
  handle->helper().start_job(*slot, *bytes, *ranges);
  return nullptr;
}

// answerCallback(handle, isQueued, hasResult, ranges): in frames
napi_value answer_callback(napi_env env, napi_callback_info info) {
  const napi::Arguments<4> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  bool is_queued = false;
  if (!napi::check(env, napi_get_value_bool(env, arguments[1], &is_queued))) return nullptr;
  bool has_result = false;
  if (!napi::check(env, napi_get_value_bool(env, arguments[2], &has_result))) return nullptr;
  const std::optional<std::vector<channel::FrameRange>> ranges = to_ranges(env, arguments[3]);
  if (ranges) handle->helper().answer_callback(is_queued, has_result, *ranges);
  return nullptr;
}

// resumeCall(handle, depth, limitMs) -> Waited
napi_value resume_call(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<uint32_t> depth = napi::to_uint32(env, arguments[1]);
  if (!depth) return nullptr;
  const std::optional<milliseconds> limit = to_limit(env, arguments[2]);
  if (!limit) return nullptr;
  if (*depth > channel::kMaxDepth) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "depth of a call");
  }
  return from_waited(env, handle->helper().resume(*depth, *limit));
}

// waitForJobs(handle, seen, limitMs) -> Waited
napi_value wait_for_jobs(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<uint32_t> seen = napi::to_uint32(env, arguments[1]);
  if (!seen) return nullptr;
  const std::optional<milliseconds> limit = to_limit(env, arguments[2]);
  if (!limit) return nullptr;
  return from_waited(env, handle->helper().wait_for_jobs(*seen, *limit));
}

// takeCallback(handle) -> whether one waits to be run
napi_value take_callback(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  handle->helper().take_frames();
  return napi::from_bool(env, handle->helper().take_callback());
}

// notifyHelper(handle)
napi_value notify_helper(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle != nullptr) handle->helper().notify();
  return nullptr;
}

// helperEnd(handle) -> [status, signal], undefined while it runs
napi_value helper_end(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<platform::ProcessEnd> end = handle->helper().process().end();
  if (!end) return nullptr;
  handle->helper().take_frames();
  napi_value list = napi::make_array(env);
  const bool complete = napi::append(env, list, napi::from_double(env, end->status)) &&
                        napi::append(env, list, napi::from_double(env, end->signal));
  return complete ? list : nullptr;
}

// killHelper(handle)
napi_value kill_helper(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle != nullptr) handle->helper().process().kill();
  return nullptr;
}

// closeHelper(handle): kills it, and forgets it
napi_value close_helper(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Isolates& isolates = *arguments.data<Environment>().isolates;
  const std::optional<uint32_t> number = napi::to_uint32(env, arguments[0]);
  if (!number) return nullptr;
  const auto found = isolates.helpers.find(*number);
  if (found == isolates.helpers.end()) return nullptr;
  found->second->close();
  isolates.helpers.erase(found);
  return nullptr;
}

// keepHelperAlive(handle, alive)
napi_value keep_helper_alive(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  bool alive = false;
  if (handle != nullptr && napi::check(env, napi_get_value_bool(env, arguments[1], &alive))) {
    handle->keep_alive(alive);
  }
  return nullptr;
}

template <typename Copy>
napi_value copy_memory(napi_env env, napi_callback_info info, Copy copy) {
  const napi::Arguments<3> arguments(env, info);
  HelperHandle* const handle = to_helper(env, arguments[0], arguments.data<Environment>());
  if (handle == nullptr) return nullptr;
  const std::optional<uint64_t> address = napi::to_address(env, arguments[1]);
  if (!address) return nullptr;
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, arguments[2]);
  if (!bytes) return nullptr;
  const Result<size_t> count = copy(handle->helper().process(), *address, *bytes);
  if (!count) return napi::throw_error(env, count.error());
  return napi::from_double(env, static_cast<double>(count.value()));
}

// readHelper(handle, address, view) -> how many bytes there were
napi_value read_helper(napi_env env, napi_callback_info info) {
  return copy_memory(
      env, info,
      [](const platform::ChildProcess& process, uint64_t address, std::span<std::byte> bytes) {
        return process.read_memory(address, bytes);
      });
}

// writeHelper(handle, address, view) -> how many bytes could be written
napi_value write_helper(napi_env env, napi_callback_info info) {
  return copy_memory(
      env, info,
      [](const platform::ChildProcess& process, uint64_t address, std::span<std::byte> bytes) {
        return process.write_memory(address, bytes);
      });
}

napi_value make_layout(napi_env env) {
  using channel::Lane;
  napi_value layout = napi::make_object(env);
  const auto offset = [&](const char* name, size_t value) {
    return napi::set(env, layout, name, napi::from_double(env, static_cast<double>(value)));
  };
  const bool complete =
      offset("bytes", sizeof(Lane)) && offset("slotCount", channel::kSlots) &&
      offset("maxDepth", channel::kMaxDepth) && offset("registerBytes", abi::kRegisterBytes) &&
      offset("client", offsetof(Lane, client)) && offset("helper", offsetof(Lane, helper)) &&
      offset("started", offsetof(Lane, started)) && offset("finished", offsetof(Lane, finished)) &&
      offset("callback", offsetof(Lane, callback)) && offset("queued", offsetof(Lane, queued)) &&
      offset("callbackRegisters", offsetof(channel::CallbackCall, registers)) &&
      offset("slots", offsetof(Lane, slots)) && offset("slotBytes", sizeof(channel::Slot)) &&
      offset("slotRegisters", offsetof(channel::Slot, registers)) &&
      offset("results", abi::kResultOffset);
  return complete ? layout : nullptr;
}

}  // namespace

bool register_isolates(napi_env env, napi_value exports, Environment& environment) {
  environment.isolates = std::make_shared<Isolates>();
  napi_value object = napi::make_object(env);
  const auto function = [&](const char* name, napi_callback callback) {
    return napi::set_function(env, object, name, callback, &environment);
  };
  return napi::set(env, object, "layout", make_layout(env)) &&
         function("shareMemory", share_memory) && function("startHelper", start_helper) &&
         function("request", request) && function("call", call) &&
         function("beginFrames", begin_frames) && function("startJob", start_job) &&
         function("answerCallback", answer_callback) && function("resumeCall", resume_call) &&
         function("waitForJobs", wait_for_jobs) && function("takeCallback", take_callback) &&
         function("notifyHelper", notify_helper) && function("helperEnd", helper_end) &&
         function("killHelper", kill_helper) && function("closeHelper", close_helper) &&
         function("keepHelperAlive", keep_helper_alive) && function("readHelper", read_helper) &&
         function("writeHelper", write_helper) && napi::set(env, exports, "isolate", object);
}

}  // namespace nearfar::addon
