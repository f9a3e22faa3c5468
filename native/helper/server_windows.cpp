#include "helper/channel_frames.h"
#include "helper/log.h"
#include "helper/server.h"

namespace nearfar::helper {

Problem receive_frame(const Session&, const channel::FrameHead&, const std::string&) {
  return Failure{FailureCode::kUnknownCommand, "there are frames of messages only on this system"};
}

int serve_socket(Pool&, const Options&) {
  log(LogLevel::kError, "--socket is not served on Windows: use --server");
  return 1;
}

}  // namespace nearfar::helper
