#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "abi/abi.h"
#include "abi/frame.h"
#include "abi/rows.h"

// The memory that a client and its helper share for calls: a frame for synchronous calls, slots for
// asynchronous ones, a place for callbacks, and the words by which each tells the other what is
// new. The client believes nothing it reads here: indexes are checked, after they were copied.
namespace nearfar::channel {

// Asynchronous calls that the helper knows of at a time; more wait with the client.
inline constexpr uint32_t kSlots = 256;
static_assert((kSlots & (kSlots - 1)) == 0, "positions wrap around");

// A synchronous call: there is one at a time for each depth of callbacks.
enum class CallState : uint32_t {
  kIdle = 0,
  kPosted = 1,
  kTaken = 2,
  kDone = 3,
};

// How many callbacks may be in progress below one another.
inline constexpr uint32_t kMaxDepth = 64;

// Where the text that a result points to is copied: to the stack words of its slot, which nobody
// needs any more.
inline constexpr uint32_t kTextBytes = sizeof(abi::Registers::stack);
inline constexpr uint32_t kNoText = UINT32_MAX;  // There is none, or it did not fit.

struct ClientWords {
  std::atomic<uint32_t> bell;         // Changes with everything new; the helper sleeps on it.
  std::atomic<uint32_t> sleeps;       // 1: the client sleeps on the helper's bell.
  std::atomic<uint32_t> wants_event;  // 1: the next news are to be signalled to its event loop.
  std::atomic<uint32_t> jobs;         // In `started` so far.
};

struct HelperWords {
  std::atomic<uint32_t> bell;       // Changes with everything new; the client sleeps on it.
  std::atomic<uint32_t> sleeps;     // How many of its threads sleep on the client's bell.
  std::atomic<uint32_t> jobs;       // In `finished` so far.
  std::atomic<uint32_t> callbacks;  // Asked for so far.
  std::atomic<uint32_t> queued;     // The same of those for which nobody waits.
};

// A vector call, which is one call for the channel. In the heap, followed by the addresses of the
// columns and then by its abi::ColumnParts. src/ffi/isolate/shared-rows.ts writes it.
struct Rows {
  uint64_t count;
  uint64_t row;     // By the helper: the row whose call is in progress; all before it are done.
  uint64_t out;     // Where the results go.
  uint32_t stop;    // Not 0: no further row, a callback has thrown.
  uint32_t result;  // Where a result is, in the frame,
  uint32_t result_bytes;  // and how long; 0: nobody wants them.
  uint32_t columns;
  uint32_t parts;
  uint32_t reserved;
};

// An asynchronous call.
struct Slot {
  uint32_t plan;
  uint32_t status;  // As the frame's.
  int32_t error_number;
  uint32_t text_length;  // Bytes of text in the stack words, or kNoText.
  uint64_t rows;         // The address of its Rows; 0 for a single call.
  abi::Registers registers;
};

struct Call {
  std::atomic<uint32_t> state;
  uint32_t plan;
  uint32_t status;  // As the frame's.
  int32_t error_number;
  uint64_t rows;  // As a slot's.
  abi::Registers registers;
};

// The call of a callback: its argument registers, and then its result registers.
struct CallbackCall {
  uint32_t id;
  uint32_t has_result;
  std::atomic<uint32_t> answered;  // By the client, with 1.
  uint32_t reserved;
  abi::Registers registers;
};

struct Lane {
  // The client's frame, as within one process. The helper sees its scratch space, to which
  // arguments point.
  alignas(64) std::byte frame[abi::kFrameBytes];
  alignas(64) ClientWords client;
  alignas(64) HelperWords helper;
  alignas(64) std::atomic<uint32_t> call_state;
  uint32_t call_depth;                    // How many callbacks of the helper the client is running.
  alignas(64) uint32_t started[kSlots];   // Slots in the order of their calls.
  alignas(64) uint32_t finished[kSlots];  // In the order of their ends.
  alignas(64) CallbackCall callback;
  alignas(64) CallbackCall queued;  // One for which nobody waits; the next when it is answered.
  alignas(64) Call calls[kMaxDepth + 1];  // By how many callbacks the client is running.
  alignas(64) Slot slots[kSlots];
};

static_assert(std::atomic<uint32_t>::is_always_lock_free);
static_assert(sizeof(Rows) == 48 && sizeof(abi::ColumnPart) == 24, "JavaScript writes them");

}  // namespace nearfar::channel
