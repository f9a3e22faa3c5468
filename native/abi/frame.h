#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "abi/abi.h"

namespace nearfar::abi {

// The call frame: what one call needs, in memory that JavaScript and native code share. Its scratch
// space, for strings and structs, follows the struct in the same ArrayBuffer.
struct Frame {
  uint32_t plan;         // Index of the plan to execute.
  uint32_t view_mask;    // Bit N: the Nth pointer argument is a view passed to `dispatchViews`.
  uint32_t status;       // 0, or why there is no result: see Failure. JavaScript sets it back to 0.
  uint32_t depth;        // Native calls in progress on the environment's thread.
  int32_t error_number;  // errno (GetLastError on Windows) of the last call that captures it.
  uint32_t job;          // The asynchronous call for which a callback runs, or 0.
  uint32_t live_callbacks;  // Function pointers that lead to JavaScript of this environment.
  uint32_t reserved;
  Registers registers;
};

// What `status` says besides 0. For a detached view, its position among the pointers is added.
// JavaScript says kThrown when a callback threw; native code says it when JavaScript could not even
// be entered (the stack is used up), and then there is no error to be found. kDeclined: nothing was
// called, JavaScript is to ask in the general way.
enum class Failure : uint32_t { kClosed = 1, kThrown = 2, kDeclined = 3, kDetached = 16 };

inline constexpr size_t kFrameBytes = 64 * 1024;

// The bytes of Registers that every call has: all but the stack words.
inline constexpr size_t kRegisterBytes = offsetof(Registers, stack);

// Those of them that a call gives.
inline constexpr size_t kResultOffset = offsetof(Registers, result_gp);
inline constexpr size_t kResultBytes = kRegisterBytes - kResultOffset;

inline void copy_results(Registers& to, const Registers& from) {
  std::memcpy(to.result_gp, from.result_gp, kResultBytes);
}

}  // namespace nearfar::abi
