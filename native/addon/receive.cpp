#include <cstring>

#include "addon/callback.h"
#include "addon/job.h"
#include "napi/napi.h"
#include "platform/error_number.h"

// A callback's way from C into JavaScript: argument registers into the frame, one JavaScript
// function without arguments, result registers out of the frame. It reads and writes the values.
namespace nearfar::addon {
namespace {

constexpr uint32_t kThrown = static_cast<uint32_t>(Failure::kThrown);

void copy_in(Frame& frame, const abi::Registers& registers, const uint64_t* stack, uint32_t words) {
  std::memcpy(&frame.registers, &registers, kRegisterBytes);  // Its result registers are zero.
  std::memcpy(frame.registers.stack, stack, words * sizeof(uint64_t));
}

// Whether there is a result. It catches what callbacks throw and says so in the frame; what
// arrives here is an error for nobody (JavaScript has no caller), a stack that is used up, or the
// termination of the environment.
bool enter_javascript(Environment& environment, const Callback& callback, bool in_event) {
  Frame& frame = *environment.frame;
  if (callback.entered != nullptr && frame.depth > 0) {
    if (!environment.entry->call(callback.entered)) frame.status = kThrown;
    return frame.status == 0;
  }
  const napi_env env = environment.env;
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return false;
  napi_value callee = nullptr;
  napi_get_reference_value(env, callback.run, &callee);
  // As an event of its own, the call has promise reactions run after it.
  const napi_status status =
      in_event ? napi_make_callback(env, nullptr, callee, callee, 0, nullptr, nullptr)
               : napi_call_function(env, callee, callee, 0, nullptr, nullptr);
  if (status != napi_ok && frame.depth == 0) {
    napi::report_uncaught(env);
  } else if (status != napi_ok) {
    // Left pending it would fail every later Node-API call of this addon.
    napi_value exception = nullptr;
    napi_get_and_clear_last_exception(env, &exception);
    frame.status = kThrown;
  }
  napi_close_handle_scope(env, scope);
  return status == napi_ok && frame.status == 0;
}

// On the environment's own thread, below a call that JavaScript made or, at depth 0, some event.
bool receive_here(Callback& callback, abi::Registers& registers, const uint64_t* stack) {
  if (!callback.live) return false;
  Environment& environment = *callback.environment;
  Frame& frame = *environment.frame;
  if (frame.status != 0) return false;
  const uint32_t job = std::exchange(frame.job, 0);
  const bool in_event = frame.depth == 0;
  ++environment.callback_runs;
  copy_in(frame, registers, stack, callback.stack_words);
  const bool has_result = enter_javascript(environment, callback, in_event);
  if (has_result) abi::copy_results(registers, frame.registers);
  frame.job = job;
  return has_result;
}

// Nobody waits: the request takes a copy along.
void enqueue(Callback& callback, const abi::Registers& registers, const uint64_t* stack) {
  auto request = std::make_unique<Request>();
  request->image = abi::copy_call(registers, stack, callback.stack_words, callback.references);
  uint64_t* const image = request->image.data();
  request->callback = &callback;
  request->generation = callback.generation;
  request->registers = reinterpret_cast<abi::Registers*>(image);
  request->stack = image + abi::kRegisterWords;
  callback.mailbox->post(std::move(request));
}

// Leaves a request whose caller waits for the result; false if nobody would answer.
bool ask(Callback& callback, Request& request) {
  request.callback = &callback;
  request.generation = callback.generation;
  Job* const job = current_job;
  if (job != nullptr && job->table->mailbox() == callback.mailbox.get()) {
    if (job->status.load(std::memory_order_relaxed) != 0) return false;
    request.job = job;
  }
  return callback.mailbox->post(request);
}

bool receive_elsewhere(Callback& callback, abi::Registers& registers, const uint64_t* stack) {
  Request request;
  request.registers = &registers;
  request.stack = stack;
  std::shared_ptr<Mailbox> mailbox;
  {
    // Held until the request is posted, so that a release finds it in the mailbox.
    const std::lock_guard lock(callback.mutex);
    mailbox = callback.mailbox;
    if (mailbox == nullptr || callback.policy == ThreadPolicy::kDrop) return false;
    if (callback.policy == ThreadPolicy::kQueue) {
      enqueue(callback, registers, stack);
      return false;
    }
    if (!ask(callback, request)) return false;
  }
  mailbox->wait(request);
  return request.has_result;
}

// Whether the callback is still the one that was called.
bool is_current(Callback& callback, const Request& request, const Environment& environment) {
  const std::lock_guard lock(callback.mutex);
  return callback.mailbox == environment.mailbox && callback.generation == request.generation;
}

}  // namespace

void receive_call(void* context, abi::Registers& registers, const uint64_t* stack) {
  // C may look at errno after the callback, and JavaScript makes system calls. First and last: on
  // Windows to ask for the thread sets GetLastError already.
  const int32_t error = platform::error_number();
  Callback& callback = *static_cast<Callback*>(context);
  const uint32_t memory_bytes = callback.result_bytes.load(std::memory_order_relaxed);
  uint64_t memory = 0;
  if (memory_bytes != 0) {
    const size_t offset = callback.result_address.load(std::memory_order_relaxed);
    std::memcpy(&memory, reinterpret_cast<std::byte*>(&registers) + offset, sizeof memory);
  }
  const bool is_here = callback.owner.load(std::memory_order_relaxed) == std::this_thread::get_id();
  const bool has_result = is_here ? receive_here(callback, registers, stack)
                                  : receive_elsewhere(callback, registers, stack);
  platform::set_error_number(error);
  if (memory_bytes == 0) return;
  if (!has_result) std::memset(reinterpret_cast<void*>(memory), 0, memory_bytes);
  registers.result_gp[0] = memory;  // Where System V and Win64 want the address back.
}

void deliver_request(Environment& environment, Request& request) {
  Frame& frame = *environment.frame;
  Callback& callback = *request.callback;
  if (is_current(callback, request, environment)) {
    const uint32_t status = std::exchange(frame.status, 0);
    frame.job = request.job != nullptr ? request.job->number : 0;
    ++environment.callback_runs;
    copy_in(frame, *request.registers, request.stack, callback.stack_words);
    request.has_result = enter_javascript(environment, callback, false);
    if (request.has_result) abi::copy_results(*request.registers, frame.registers);
    if (frame.status == kThrown && request.job != nullptr) request.job->status = kThrown;
    frame.job = 0;
    frame.status = status;
  }
  environment.mailbox->complete(request);
}

}  // namespace nearfar::addon
