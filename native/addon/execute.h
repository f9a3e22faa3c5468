#pragma once

#include "addon/environment.h"
#include "platform/error_number.h"

// The call itself, by every executor alike.
namespace nearfar::addon {

// Calls a C function. `error` receives the error number that it leaves, if it is to be captured.
inline void call_target(const CallPlan& plan, abi::Registers& registers, int32_t& error) {
  // The plan may be released and used again by a callback of this very call: nothing of it is read
  // afterwards.
  if (plan.captures_error) {
    platform::set_error_number(0);
    plan.execute(plan.target, registers);
    error = platform::error_number();
  } else {
    plan.execute(plan.target, registers);
  }
}

// `execute` for a plan that captures the error number: apart, because what it needs registers for
// the others would have to save, too.
void execute_capturing(const CallPlan& plan);

// Executes a plan on its environment's thread with the registers in the frame.
inline void execute(const CallPlan& plan) {
  Frame& frame = *plan.frame;
  if (plan.target == nullptr) [[unlikely]] {
    frame.status = static_cast<uint32_t>(Failure::kClosed);
    return;
  }
  if (plan.captures_error) return execute_capturing(plan);
  ++frame.depth;
  plan.execute(plan.target, frame.registers);
  --frame.depth;
}

}  // namespace nearfar::addon
