#include <bit>
#include <cstring>
#include <utility>

#include "addon/environment.h"
#include "napi/napi.h"

// The Node-API crossing: JavaScript has filled the frame and named a plan in it; native code
// executes the plan and stores the result registers back. No value is converted here.
namespace nearfar::addon {
namespace {

enum class Failure : uint32_t { kClosed = 0, kDetached = 1 };

// JavaScript words the error, because it knows names and types; this returns with it pending.
[[gnu::cold]] napi_value fail(napi_env env, const Environment& environment, Failure failure,
                              uint32_t argument) {
  napi_value handler = nullptr;
  napi_value receiver = nullptr;
  if (!napi::check(env, napi_get_reference_value(env, environment.failure_handler, &handler)) ||
      !napi::check(env, napi_get_undefined(env, &receiver))) {
    return nullptr;
  }
  napi_value values[] = {napi::from_double(env, static_cast<uint32_t>(failure)),
                         napi::from_double(env, environment.frame->plan),
                         napi::from_double(env, argument)};
  napi::check(env, napi_call_function(env, receiver, handler, 3, values, nullptr));
  return nullptr;
}

const CallPlan* current_plan(const Environment& environment) {
  const uint32_t index = environment.frame->plan;
  if (index >= environment.plans.size()) return nullptr;
  const CallPlan& plan = environment.plans[index];
  return plan.target != nullptr ? &plan : nullptr;
}

napi_value dispatch(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  Environment& environment = *static_cast<Environment*>(data);
  const CallPlan* plan = current_plan(environment);
  if (plan == nullptr) return fail(env, environment, Failure::kClosed, 0);
  plan->execute(plan->target, environment.frame->registers);
  return nullptr;
}

// As `dispatch`, with the views of pointer arguments passed as arguments: the memory of a view
// can only be had from the view itself. JavaScript has checked that each is an ArrayBufferView, on
// which napi_get_buffer_info insists; asking again would cost a tenth of the call.
napi_value dispatch_views(napi_env env, napi_callback_info info) {
  const napi::Arguments<kMaxViews> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const CallPlan* plan = current_plan(environment);
  if (plan == nullptr) return fail(env, environment, Failure::kClosed, 0);
  std::byte* registers = reinterpret_cast<std::byte*>(&environment.frame->registers);
  for (uint32_t mask = environment.frame->view_mask; mask != 0; mask &= mask - 1) {
    const uint32_t pointer = static_cast<uint32_t>(std::countr_zero(mask));
    if (pointer >= plan->pointer_offsets.size()) break;
    void* memory = nullptr;
    size_t length = 0;
    if (!napi::check(env, napi_get_buffer_info(env, arguments[pointer], &memory, &length))) {
      return nullptr;
    }
    if (length == 0 && napi::is_detached(env, arguments[pointer])) {
      return fail(env, environment, Failure::kDetached, pointer);
    }
    const uint64_t address = reinterpret_cast<uintptr_t>(memory);
    std::memcpy(registers + plan->pointer_offsets[pointer], &address, sizeof address);
  }
  plan->execute(plan->target, environment.frame->registers);
  return nullptr;
}

napi_value on_failure(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  if (environment.failure_handler != nullptr) {
    napi_delete_reference(env, environment.failure_handler);
    environment.failure_handler = nullptr;
  }
  napi::check(env, napi_create_reference(env, arguments[0], 1, &environment.failure_handler));
  return nullptr;
}

std::optional<std::vector<const Type*>> to_types(napi_env env, napi_value names) {
  uint32_t count = 0;
  if (!napi::check(env, napi_get_array_length(env, names, &count))) return {};
  std::vector<const Type*> types;
  for (uint32_t index = 0; index < count; ++index) {
    napi_value name = nullptr;
    if (!napi::check(env, napi_get_element(env, names, index, &name))) return {};
    const std::optional<std::string> text = napi::to_string(env, name);
    if (!text) return {};
    const Type* type = find_type(*text);
    if (type == nullptr) {
      napi::throw_error(env, ErrorCode::kUnknownType, text->c_str());
      return {};
    }
    types.push_back(type);
  }
  return types;
}

uint32_t store_plan(Environment& environment, CallPlan plan) {
  if (environment.free_plans.empty()) {
    environment.plans.push_back(std::move(plan));
    return static_cast<uint32_t>(environment.plans.size() - 1);
  }
  const uint32_t index = environment.free_plans.back();
  environment.free_plans.pop_back();
  environment.plans[index] = std::move(plan);
  return index;
}

// createPlan(library, address, [result, ...arguments]) -> {index, result, slots}: `slots` is a flat
// list of byte offset and width in the frame for each argument, `result` the result's offset.
napi_value create_plan(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> library = napi::to_uint32(env, arguments[0]);
  if (!library) return nullptr;
  const std::optional<uint64_t> address = napi::to_address(env, arguments[1]);
  if (!address) return nullptr;
  const std::optional<std::vector<const Type*>> types = to_types(env, arguments[2]);
  if (!types) return nullptr;
  if (types->empty() || *address == 0) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "a plan needs an address and types");
  }

  const std::span<const Type* const> parameters = std::span(*types).subspan(1);
  Result<abi::Plan> lowered = abi::make_plan({parameters, types->front()});
  if (!lowered) return napi::throw_error(env, lowered.error());

  CallPlan plan;
  plan.target = reinterpret_cast<void*>(static_cast<uintptr_t>(*address));
  plan.library = *library;
  plan.execute = lowered.value().execute;
  napi_value slots = napi::make_array(env);
  for (size_t index = 0; index < parameters.size(); ++index) {
    const abi::Slot& slot = lowered.value().arguments[index];
    const double offset = static_cast<double>(offsetof(Frame, registers) + slot.offset);
    if (!napi::append(env, slots, napi::from_double(env, offset)) ||
        !napi::append(env, slots, napi::from_double(env, slot.width))) {
      return nullptr;
    }
    const bool is_pointer = parameters[index] == find_type("pointer");
    if (is_pointer && plan.pointer_offsets.size() < kMaxViews) {
      plan.pointer_offsets.push_back(slot.offset);
    }
  }
  const double result = offsetof(Frame, registers) + lowered.value().result_offset;
  napi_value object = napi::make_object(env);
  const uint32_t stored = store_plan(environment, std::move(plan));
  const bool complete = napi::set(env, object, "index", napi::from_double(env, stored)) &&
                        napi::set(env, object, "result", napi::from_double(env, result)) &&
                        napi::set(env, object, "slots", slots);
  return complete ? object : nullptr;
}

napi_value release_plan(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> index = napi::to_uint32(env, arguments[0]);
  if (!index || *index >= environment.plans.size()) return nullptr;
  environment.plans[*index] = CallPlan{};
  environment.free_plans.push_back(*index);
  return nullptr;
}

}  // namespace

bool register_calls(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "dispatch", dispatch, &environment) &&
         napi::set_function(env, exports, "dispatchViews", dispatch_views, &environment) &&
         napi::set_function(env, exports, "onFailure", on_failure, &environment) &&
         napi::set_function(env, exports, "createPlan", create_plan, &environment) &&
         napi::set_function(env, exports, "releasePlan", release_plan, &environment);
}

}  // namespace nearfar::addon
