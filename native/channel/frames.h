#pragma once

#include <cstdint>

#include "channel/layout.h"

// What goes over a stream instead of lines once a client has asked for frames, and what calls are
// there where the two processes share no memory: docs/helper-protocol.md. All numbers are of the
// processor's byte order, which both sides have in common.
namespace nearfar::channel {

enum class FrameKind : uint32_t {
  kMessage = 1,   // A request or an answer in JSON, and bytes that are attached to it.
  kCall = 2,      // Of the client.
  kResult = 3,    // Of the helper, for a call.
  kCallback = 4,  // Of the helper.
  kAnswer = 5,    // Of the client, to the callback.
  kQueued = 6,    // Of the helper: a callback for which nobody waits.
};

struct FrameHead {
  uint32_t kind;
  uint32_t number;  // Of a call or callback; of a message, how many bytes at its end are attached;
                    // of an answer, 1 to a callback for which nobody waits.
  uint64_t bytes;   // That follow.
};

// Below kSlots a call's number is its slot; from there on, how many callbacks it is made below.
inline constexpr uint32_t kCallNumbers = kSlots + kMaxDepth + 1;

// Memory that a call takes along: at the same address in both processes, in the lane or the heap.
struct FrameRange {
  uint64_t address;
  uint64_t bytes;
  uint32_t ways;
  uint32_t reserved;
};
inline constexpr uint32_t kThere = 1;    // Its bytes are in the call's frame.
inline constexpr uint32_t kAndBack = 2;  // Its bytes are in the result's frame.

// Followed by the registers as far as the call has them, the ranges, and the bytes of those that go
// there, in their order.
struct CallHead {
  uint32_t plan;
  uint32_t image_bytes;
  uint64_t rows;  // As a slot's.
  uint32_t ranges;
  uint32_t reserved;
};

// Followed by the result registers, the bytes of the ranges that come back, and the text.
struct ResultHead {
  uint32_t status;  // As a slot's, and so are the others.
  int32_t error_number;
  uint32_t text_length;
  uint32_t reserved;
};

// Followed by the result registers, ranges, and the bytes of those. A callback itself has its
// registers and nothing else.
struct AnswerHead {
  uint32_t has_result;
  uint32_t ranges;
};

static_assert(sizeof(FrameHead) == 16 && sizeof(FrameRange) == 24 && sizeof(CallHead) == 24 &&
                  sizeof(ResultHead) == 16 && sizeof(AnswerHead) == 8,
              "clients in other languages write them");

}  // namespace nearfar::channel
