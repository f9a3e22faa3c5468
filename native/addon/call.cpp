#include <bit>
#include <cstring>
#include <utility>

#include "addon/execute.h"
#include "addon/signature.h"
#include "napi/napi.h"

// JavaScript has filled the frame and named a plan in it; native code executes the plan and stores
// the result registers back. No value is converted here. A call that cannot be made leaves a status
// for JavaScript to word, which knows names and types.
namespace nearfar::addon {
namespace {

// The Node-API crossing: always there.
napi_value dispatch(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const CallPlan* plan = current_plan(*static_cast<Environment*>(data));
  if (plan != nullptr) execute(*plan);
  return nullptr;
}

// As `dispatch`, with the views of pointer arguments passed as arguments: the memory of a view
// can only be had from the view itself. JavaScript has checked that each is an ArrayBufferView, on
// which napi_get_buffer_info insists; asking again would cost a tenth of the call.
napi_value dispatch_views(napi_env env, napi_callback_info info) {
  const napi::Arguments<kMaxViews> arguments(env, info);
  Frame& frame = *arguments.data<Environment>().frame;
  const CallPlan* plan = current_plan(arguments.data<Environment>());
  if (plan == nullptr) return nullptr;
  std::byte* registers = reinterpret_cast<std::byte*>(&frame.registers);
  for (uint32_t mask = frame.view_mask; mask != 0; mask &= mask - 1) {
    const uint32_t pointer = static_cast<uint32_t>(std::countr_zero(mask));
    if (pointer >= plan->pointer_offsets.size()) break;
    void* memory = nullptr;
    size_t length = 0;
    if (!napi::check(env, napi_get_buffer_info(env, arguments[pointer], &memory, &length))) {
      return nullptr;
    }
    if (length == 0 && napi::is_detached(env, arguments[pointer])) {
      frame.status = static_cast<uint32_t>(Failure::kDetached) + pointer;
      return nullptr;
    }
    const uint64_t address = reinterpret_cast<uintptr_t>(memory);
    std::memcpy(registers + plan->pointer_offsets[pointer], &address, sizeof address);
  }
  execute(*plan);
  return nullptr;
}

uint32_t store_plan(Environment& environment, CallPlan plan) {
  if (environment.free_plans.empty()) {
    environment.plans.push_back(std::make_unique<CallPlan>(std::move(plan)));
    return static_cast<uint32_t>(environment.plans.size() - 1);
  }
  const uint32_t index = environment.free_plans.back();
  environment.free_plans.pop_back();
  *environment.plans[index] = std::move(plan);
  return index;
}

// Of NativeBinding.lowerSignature, bit by bit: PLAN_FLAGS in src/internal/binding.ts.
constexpr uint32_t kCapturesError = 1;
constexpr uint32_t kWin64 = 2;

// In Registers, of the first pointer arguments: those that can be passed as views.
std::vector<uint32_t> find_pointers(const std::vector<abi::Value>& parameters,
                                    const abi::Plan& lowered) {
  std::vector<uint32_t> offsets;
  for (size_t index = 0; index < parameters.size() && offsets.size() < kMaxViews; ++index) {
    if (parameters[index].scalar == find_type("pointer")) {
      offsets.push_back(lowered.arguments[index].pieces[0].offset);
    }
  }
  return offsets;
}

// lowerSignature([result, ...arguments], fixed, flags) -> {shape, slots}
napi_value lower_signature(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  std::optional<SignatureTypes> types = to_signature_types(env, arguments[0]);
  if (!types) return nullptr;
  const std::optional<double> fixed = napi::to_double(env, arguments[1]);
  if (!fixed) return nullptr;
  const std::optional<uint32_t> flags = napi::to_uint32(env, arguments[2]);
  if (!flags) return nullptr;

  const abi::Signature signature = {
      .arguments = types->arguments,
      .result = types->result,
      .fixed = *fixed < 0 ? abi::kNotVariadic : static_cast<size_t>(*fixed)};
  const Result<abi::Plan> lowered =
      (*flags & kWin64) != 0 ? abi::win64::make_plan(signature) : abi::make_plan(signature);
  if (!lowered) return napi::throw_error(env, lowered.error());

  environment.shapes.push_back(
      CallShape{.stack_words = lowered.value().stack_words,
                .captures_error = (*flags & kCapturesError) != 0,
                .direct = lowered.value().direct,
                .execute = lowered.value().execute,
                .pointer_offsets = find_pointers(types->arguments, lowered.value())});
  const double shape = static_cast<double>(environment.shapes.size() - 1);
  napi_value object = napi::make_object(env);
  const bool complete = napi::set(env, object, "shape", napi::from_double(env, shape)) &&
                        napi::set(env, object, "slots", make_slots(env, lowered.value()));
  return complete ? object : nullptr;
}

// createPlan(shape, library, address) -> token; the plan's index is left in the frame.
napi_value create_plan(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> index = napi::to_uint32(env, arguments[0]);
  if (!index) return nullptr;
  const std::optional<uint32_t> library = napi::to_uint32(env, arguments[1]);
  if (!library) return nullptr;
  const std::optional<uint64_t> address = napi::to_address(env, arguments[2]);
  if (!address) return nullptr;
  if (*address == 0 || *index >= environment.shapes.size()) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "a plan needs address and shape");
  }
  const CallShape& shape = environment.shapes[*index];
  const uint32_t stored = store_plan(
      environment, CallPlan{.target = reinterpret_cast<void*>(static_cast<uintptr_t>(*address)),
                            .frame = environment.frame,
                            .library = *library,
                            .stack_words = shape.stack_words,
                            .captures_error = shape.captures_error,
                            .direct = shape.direct,
                            .execute = shape.execute,
                            .views = environment.views.get(),
                            .pointer_offsets = shape.pointer_offsets});
  environment.frame->plan = stored;
  return napi::from_double(
      env, static_cast<double>(reinterpret_cast<uintptr_t>(environment.plans[stored].get())));
}

napi_value release_plan(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> index = napi::to_uint32(env, arguments[0]);
  if (!index || *index >= environment.plans.size()) return nullptr;
  *environment.plans[*index] = CallPlan{.frame = environment.frame};
  environment.free_plans.push_back(*index);
  return nullptr;
}

}  // namespace

void execute_capturing(const CallPlan& plan) {
  Frame& frame = *plan.frame;
  ++frame.depth;
  call_target(plan, frame.registers, frame.error_number);
  --frame.depth;
}

const CallPlan* current_plan(const Environment& environment) {
  const uint32_t index = environment.frame->plan;
  return index < environment.plans.size() ? environment.plans[index].get() : nullptr;
}

bool register_calls(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "dispatch", dispatch, &environment) &&
         napi::set_function(env, exports, "dispatchViews", dispatch_views, &environment) &&
         napi::set_function(env, exports, "lowerSignature", lower_signature, &environment) &&
         napi::set_function(env, exports, "createPlan", create_plan, &environment) &&
         napi::set_function(env, exports, "releasePlan", release_plan, &environment);
}

}  // namespace nearfar::addon
