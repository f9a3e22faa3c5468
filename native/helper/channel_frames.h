#pragma once

#include <string>

#include "channel/frames.h"
#include "helper/failure.h"

namespace nearfar::helper {

class Session;

// A frame that is no message: a call, or the answer to a callback. What is wrong with it, or
// nothing. By the thread that receives.
Problem receive_frame(const Session& client, const channel::FrameHead& head,
                      const std::string& body);

}  // namespace nearfar::helper
