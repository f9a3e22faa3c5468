#pragma once

#include <string>
#include <string_view>

#include "helper/failure.h"
#include "helper/json/value.h"

namespace nearfar::helper {

class Session;

// Bytes that go beside a request, and beside its answer: in frames only.
struct Attachments {
  std::string_view request;
  std::string answer;
};

// A request's parameters.
class Params {
 public:
  Params(const json::Value& request, bool is_compatible, Attachments* attachments = nullptr)
      : request_(request), is_compatible_(is_compatible), attachments_(attachments) {}

  // Null for a request that is a part of another. Without frames they stay here.
  Attachments* attachments() const { return attachments_; }

  // Null if it is not there. `original` is what the original program called it.
  const json::Value* find(std::string_view name, std::string_view original = {}) const;

  // kMissingParameter if it is not there, kTypeError if it is of another type.
  Outcome<const json::Value*> require(std::string_view name, std::string_view original = {}) const;
  Outcome<std::string> text(std::string_view name, std::string_view original = {}) const;
  Outcome<bool> flag(std::string_view name) const;  // False if it is not there.

  // An integer from 0 on; kOutOfBounds for a negative one or one of more than 64 bits.
  Outcome<uint64_t> count(std::string_view name, std::string_view original = {}) const;

 private:
  const json::Value& request_;
  bool is_compatible_;
  Attachments* attachments_;
};

// An answer's members as JSON text, without braces: `"handle":"h1"`.
struct Reply {
  std::string members;
  bool is_result = false;  // It says `result` already, which compatibility mode puts others into.
};

using CommandBody = Outcome<Reply> (*)(Session& session, const Params& params);

struct Command {
  std::string_view name;
  CommandBody body;
  // Answered at once, also while calls run; others wait for their turn.
  bool is_immediate = false;
  bool is_original = false;  // Only in compatibility mode.
};

// Null for a name that no command has.
const Command* find_command(std::string_view name, bool is_compatible);

// A reply of one member with a string.
Reply text_reply(std::string_view name, std::string_view text);

// One file each.
Outcome<Reply> run_handshake(Session& session, const Params& params);
Outcome<Reply> run_framing(Session& session, const Params& params);
Outcome<Reply> run_ping(Session& session, const Params& params);
Outcome<Reply> run_batch(Session& session, const Params& params);
Outcome<Reply> run_load(Session& session, const Params& params);
Outcome<Reply> run_unload(Session& session, const Params& params);
Outcome<Reply> run_sym(Session& session, const Params& params);
Outcome<Reply> run_call(Session& session, const Params& params);
Outcome<Reply> run_callback(Session& session, const Params& params);
Outcome<Reply> run_callback_free(Session& session, const Params& params);
Outcome<Reply> run_alloc(Session& session, const Params& params);
Outcome<Reply> run_free(Session& session, const Params& params);
Outcome<Reply> run_strdup(Session& session, const Params& params);
Outcome<Reply> run_mem_write(Session& session, const Params& params);
Outcome<Reply> run_mem_read(Session& session, const Params& params);
Outcome<Reply> run_sandbox(Session& session, const Params& params);
Outcome<Reply> run_channel(Session& session, const Params& params);
Outcome<Reply> run_address(Session& session, const Params& params);
Outcome<Reply> run_plan(Session& session, const Params& params);
Outcome<Reply> run_plan_free(Session& session, const Params& params);
Outcome<Reply> run_channel_callback(Session& session, const Params& params);
Outcome<Reply> run_channel_callback_free(Session& session, const Params& params);
Outcome<Reply> run_peek(Session& session, const Params& params);
Outcome<Reply> run_poke(Session& session, const Params& params);
Outcome<Reply> run_sleep(Session& session, const Params& params);
Outcome<Reply> run_crash(Session& session, const Params& params);

}  // namespace nearfar::helper
