#include "helper/command.h"
#include "helper/json/write.h"
#include "helper/sandbox.h"
#include "helper/session.h"

namespace nearfar::helper {

// What the sandbox is, and what it has refused; with `enter`, its second stage begins now.
Outcome<Reply> run_sandbox(Session&, const Params& params) {
  const Outcome<bool> enters = params.flag("enter");
  if (!enters) return enters.failure();
  if (enters.value()) {
    if (Problem problem = enter_sandbox()) return *problem;
  }
  const SandboxState state = sandbox_state();
  Reply reply = text_reply("profile", profile_name(state.profile));
  reply.members += state.is_entered ? ",\"entered\":true" : ",\"entered\":false";
  reply.members += ",\"refused\":[";
  for (const Refusal& refusal : state.refusals) {
    if (reply.members.back() != '[') reply.members += ',';
    reply.members += "{\"operation\":";
    json::write_string(reply.members, refusal.operation);
    reply.members += ",\"detail\":";
    json::write_string(reply.members, refusal.detail);
    reply.members += ",\"count\":" + std::to_string(refusal.count) + "}";
  }
  reply.members += ']';
  return reply;
}

}  // namespace nearfar::helper
