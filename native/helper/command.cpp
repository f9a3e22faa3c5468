#include "helper/command.h"

#include "helper/json/write.h"
#include "helper/number.h"

namespace nearfar::helper {
namespace {

constexpr Command kCommands[] = {
    {.name = "handshake", .body = run_handshake, .is_immediate = true},
    {.name = "framing", .body = run_framing, .is_immediate = true},
    {.name = "ping", .body = run_ping, .is_immediate = true},
    {.name = "load", .body = run_load},
    {.name = "unload", .body = run_unload},
    {.name = "sym", .body = run_sym},
    {.name = "call", .body = run_call},
    {.name = "batch", .body = run_batch},
    {.name = "callback", .body = run_callback},
    {.name = "callback_free", .body = run_callback_free},
    {.name = "alloc", .body = run_alloc},
    {.name = "free", .body = run_free},
    {.name = "strdup", .body = run_strdup},
    {.name = "mem_write", .body = run_mem_write},
    {.name = "mem_read", .body = run_mem_read},
    {.name = "sandbox", .body = run_sandbox, .is_immediate = true},
    {.name = "channel", .body = run_channel},
    {.name = "address", .body = run_address},
    {.name = "plan", .body = run_plan},
    {.name = "plan_free", .body = run_plan_free},
    {.name = "channel_callback", .body = run_channel_callback},
    {.name = "channel_callback_free", .body = run_channel_callback_free},
#if !defined(_WIN32)
    {.name = "peek", .body = run_peek, .is_immediate = true},
    {.name = "poke", .body = run_poke, .is_immediate = true},
#endif
    {.name = "sleep", .body = run_sleep, .is_original = true},
    {.name = "crash", .body = run_crash, .is_original = true},
};

Failure mistyped(std::string_view name, const char* expected, const json::Value& value) {
  return {FailureCode::kTypeError,
          std::string(name) + " must be " + expected + ", got " + json::kind_name(value.kind)};
}

}  // namespace

const Command* find_command(std::string_view name, bool is_compatible) {
  for (const Command& command : kCommands) {
    if (command.name == name && (!command.is_original || is_compatible)) return &command;
  }
  return nullptr;
}

const json::Value* Params::find(std::string_view name, std::string_view original) const {
  const json::Value* value = request_.find(name);
  if (value != nullptr || !is_compatible_ || original.empty()) return value;
  return request_.find(original);
}

Outcome<const json::Value*> Params::require(std::string_view name,
                                            std::string_view original) const {
  const json::Value* value = find(name, original);
  if (value != nullptr) return value;
  return Failure{FailureCode::kMissingParameter, std::string(name) + " is missing"};
}

Outcome<std::string> Params::text(std::string_view name, std::string_view original) const {
  const Outcome<const json::Value*> value = require(name, original);
  if (!value) return value.failure();
  if (value.value()->is(json::Kind::kString)) return value.value()->text;
  return mistyped(name, "a string", *value.value());
}

Outcome<bool> Params::flag(std::string_view name) const {
  const json::Value* value = find(name);
  if (value == nullptr) return false;
  if (value->is(json::Kind::kBoolean)) return value->boolean;
  return mistyped(name, "true or false", *value);
}

Outcome<uint64_t> Params::count(std::string_view name, std::string_view original) const {
  const Outcome<const json::Value*> value = require(name, original);
  if (!value) return value.failure();
  const json::Value& number = *value.value();
  if (const std::optional<uint64_t> count = to_unsigned(number)) return *count;
  const bool is_integer =
      number.is(json::Kind::kNumber) && number.text.find_first_of(".eE") == std::string::npos;
  if (!is_integer) return mistyped(name, "an integer", number);
  return Failure{FailureCode::kOutOfBounds, std::string(name) +
                                                " must be an integer from 0 to "
                                                "18446744073709551615, got " +
                                                number.text.substr(0, 32)};
}

Reply text_reply(std::string_view name, std::string_view text) {
  Reply reply;
  json::write_name(reply.members, name);
  json::write_string(reply.members, text);
  return reply;
}

}  // namespace nearfar::helper
