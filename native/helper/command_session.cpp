#include <chrono>
#include <cstdlib>
#include <thread>

#include "helper/command.h"
#include "helper/json/write.h"
#include "helper/number.h"
#include "helper/protocol.h"
#include "helper/session.h"

// Commands about the conversation itself.
namespace nearfar::helper {
namespace {

// The number before the dot, if the text is a version of the form "1.0".
std::optional<std::string> major_of(const std::string& version) {
  constexpr std::string_view kDigits = "0123456789";
  const size_t dot = version.find_first_not_of(kDigits);
  const bool is_version = dot != std::string::npos && dot > 0 && version[dot] == '.' &&
                          dot + 1 < version.size() &&
                          version.find_first_not_of(kDigits, dot + 1) == std::string::npos;
  if (!is_version) return {};
  return version.substr(0, dot);
}

}  // namespace

// Versions of one major number understand each other; the answer says which this helper speaks.
Outcome<Reply> run_handshake(Session& session, const Params& params) {
  const Outcome<std::string> version = params.text("version");
  if (!version) return version.failure();
  const Outcome<bool> compatible = params.flag("compat");
  if (!compatible) return compatible.failure();
  if (major_of(version.value()) != major_of(kProtocolVersion)) {
    return Failure{FailureCode::kVersionMismatch,
                   std::string("this helper speaks version ") + kProtocolVersion};
  }
  if (compatible.value()) session.make_compatible();
  return text_reply("version", kProtocolVersion);
}

// Frames from the next byte on, in both directions.
Outcome<Reply> run_framing(Session& session, const Params& params) {
  const Outcome<std::string> framing = params.text("framing");
  if (!framing) return framing.failure();
  if (framing.value() != "binary") {
    return Failure{FailureCode::kUnsupportedArguments, "framing must be \"binary\""};
  }
  if (params.attachments() == nullptr || !session.ask_for_frames()) {
    return Failure{FailureCode::kCallFailed,
                   "there are frames already, or they are asked for in a batch"};
  }
  return Reply{};
}

Outcome<Reply> run_ping(Session&, const Params&) { return Reply{}; }

// Requests in order, as one: what a call takes longest is the way there and back.
Outcome<Reply> run_batch(Session& session, const Params& params) {
  const Outcome<const json::Value*> requests = params.require("requests");
  if (!requests) return requests.failure();
  if (!requests.value()->is(json::Kind::kArray)) {
    return Failure{FailureCode::kTypeError, std::string("requests must be an array, got ") +
                                                json::kind_name(requests.value()->kind)};
  }
  const Outcome<bool> stops = params.flag("stop_on_error");
  if (!stops) return stops.failure();
  Reply reply{.members = "\"results\":["};
  for (const json::Value& request : requests.value()->elements) {
    if (reply.members.back() != '[') reply.members += ',';
    const size_t start = reply.members.size();
    session.answer(request, reply.members);
    const bool is_done = reply.members.compare(start, 10, "{\"ok\":true") == 0;
    if (stops.value() && !is_done) break;
  }
  reply.members += ']';
  return reply;
}

Outcome<Reply> run_sleep(Session&, const Params& params) {
  const Outcome<uint64_t> duration = params.count("ms");
  if (!duration) return duration.failure();
  std::this_thread::sleep_for(std::chrono::milliseconds(duration.value()));
  return Reply{};
}

Outcome<Reply> run_crash(Session&, const Params&) { std::abort(); }

}  // namespace nearfar::helper
