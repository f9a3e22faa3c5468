#include <bit>
#include <cstring>
#include <span>

#include "addon/execute.h"
#include "fast/crossing.h"
#include "napi/napi.h"

// The V8 crossing: what call.cpp does, entered by V8's own calling sequence, which hands views and
// strings over as they are. What it does not take it declines, and JavaScript asks Node-API.
namespace nearfar::addon {
namespace {

// The token is a plan's address: a number below 2^53, made by `create_plan` and never seen outside
// the marshallers.
const CallPlan& plan_of(double token) {
  // By way of the signed type, to which the processor converts in one instruction.
  return *reinterpret_cast<const CallPlan*>(static_cast<intptr_t>(token));
}

void dispatch_fast(void*, double token) { execute(plan_of(token)); }

// The environment that has the V8 crossing of this thread, for calls from code that is not
// optimised: they do not carry a token.
thread_local Environment* crossing_environment = nullptr;

void dispatch_slow(const void*) {
  const CallPlan* plan = current_plan(*crossing_environment);
  if (plan != nullptr) execute(*plan);
}

void* slot_of(const CallPlan& plan, size_t pointer) {
  return reinterpret_cast<std::byte*>(&plan.frame->registers) + plan.pointer_offsets[pointer];
}

bool decline(Frame& frame) {
  frame.status = static_cast<uint32_t>(Failure::kDeclined);
  return false;
}

// The addresses of the views among the pointer arguments, which the mask in the frame tells.
bool store_views(const CallPlan& plan, std::span<const fast::Handle> handles) {
  if (plan.views == nullptr) return decline(*plan.frame);
  const fast::HandleScope scope = plan.views->open();
  for (uint32_t mask = plan.frame->view_mask; mask != 0; mask &= mask - 1) {
    const size_t pointer = static_cast<size_t>(std::countr_zero(mask));
    if (pointer >= handles.size() || pointer >= plan.pointer_offsets.size()) {
      return decline(*plan.frame);
    }
    void* const memory = plan.views->address_of(handles[pointer]);
    if (memory == nullptr) return decline(*plan.frame);
    std::memcpy(slot_of(plan, pointer), &memory, sizeof memory);
  }
  return true;
}

// The V8 crossing of `dispatch_views`.
void dispatch_views_fast(void*, double token, fast::Handle a, fast::Handle b, fast::Handle c,
                         fast::Handle d) {
  const CallPlan& plan = plan_of(token);
  const fast::Handle handles[fast::kFastViews] = {a, b, c, d};
  if (store_views(plan, handles)) execute(plan);
}

constexpr uint64_t kLowBits = 0x0101010101010101;
constexpr uint64_t kHighBits = 0x8080808080808080;

// Nonzero if a byte of the word is 0 or above 0x7f: a borrow reaches the high bit of a zero.
uint64_t not_plain(uint64_t word) { return (word | (word - kLowBits)) & kHighBits; }

// Copies text in words, the last one overlapping the one before; measured for 13 bytes: 4 ns
// against 9 byte by byte. False if it is not all ASCII without NUL.
bool copy_plain(char* target, const char* source, size_t length) {
  uint64_t word = 0;
  uint64_t found = 0;
  if (length < sizeof word) {
    for (size_t index = 0; index < length; ++index) {
      target[index] = source[index];
      found |= static_cast<signed char>(source[index]) <= 0 ? 1 : 0;
    }
    return found == 0;
  }
  const auto copy = [&](size_t offset) {
    std::memcpy(&word, source + offset, sizeof word);
    std::memcpy(target + offset, &word, sizeof word);
    found |= not_plain(word);
  };
  for (size_t offset = 0; offset + sizeof word < length; offset += sizeof word) copy(offset);
  copy(length - sizeof word);
  return found == 0;
}

// Copies a string to byte `at` of the frame, where JavaScript has reserved room for it. What is not
// ASCII needs more room, and a NUL has to be refused: both are for JavaScript.
bool store_text(const CallPlan& plan, uint32_t at, const fast::OneByteText& text) {
  Frame& frame = *plan.frame;
  if (plan.pointer_offsets.empty() || at < sizeof(Frame) || text.length >= kFrameBytes ||
      at + text.length >= kFrameBytes) {
    return decline(frame);
  }
  char* const copy = reinterpret_cast<char*>(&frame) + at;
  if (!copy_plain(copy, text.data, text.length)) return decline(frame);
  copy[text.length] = '\0';
  std::memcpy(slot_of(plan, 0), &copy, sizeof copy);
  return true;
}

void dispatch_text_fast(void*, double token, double at, const fast::OneByteText& text) {
  const CallPlan& plan = plan_of(token);
  if (store_text(plan, static_cast<uint32_t>(at), text)) execute(plan);
}

// Both from code that is not optimised: V8 has not taken the arguments apart there.
void dispatch_declined(const void*) { decline(*crossing_environment->frame); }

// Pointers above 2^53 (57-bit addressing, which a process must ask for) make no exact token.
bool has_exact_addresses(const Environment& environment) {
  return (reinterpret_cast<uintptr_t>(environment.frame) >> 53) == 0;
}

// createFastDispatch() -> {dispatch, views, text, reentrant}; throws why there is none.
napi_value create_fast_dispatch(napi_env env, napi_callback_info info) {
  const napi::Arguments<0> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  if (crossing_environment != nullptr) {
    return napi::throw_error(env, ErrorCode::kNotSupported, "the thread has one already");
  }
  if (!has_exact_addresses(environment)) {
    return napi::throw_error(env, ErrorCode::kNotSupported, "addresses have more than 53 bits");
  }
  const Result<fast::Functions> made = fast::create_functions({.dispatch = dispatch_fast,
                                                               .slow = dispatch_slow,
                                                               .views = dispatch_views_fast,
                                                               .text = dispatch_text_fast,
                                                               .decline = dispatch_declined});
  if (!made) return napi::throw_error(env, made.error());
  napi_value object = napi::make_object(env);
  napi_value reentrant = made.value().reentrant;
  if (reentrant == nullptr && !napi::check(env, napi_get_undefined(env, &reentrant)))
    return nullptr;
  if (!napi::set(env, object, "dispatch", made.value().dispatch) ||
      !napi::set(env, object, "views", made.value().views) ||
      !napi::set(env, object, "text", made.value().text) ||
      !napi::set(env, object, "reentrant", reentrant)) {
    return nullptr;
  }
  crossing_environment = &environment;
  environment.entry = fast::Entry::create();
  environment.views = fast::Views::create();
  return object;
}

}  // namespace

void release_crossing(const Environment& environment) {
  if (crossing_environment == &environment) crossing_environment = nullptr;
}

bool register_fast_calls(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "createFastDispatch", create_fast_dispatch, &environment);
}

}  // namespace nearfar::addon
