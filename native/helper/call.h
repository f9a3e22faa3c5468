#pragma once

#include <memory>
#include <string>

#include "helper/command.h"
#include "helper/session.h"
#include "helper/values.h"

namespace nearfar::helper {

// Calls a function with arguments of JSON. The signature is lowered.
Outcome<Reply> make_call(Session& session, const Symbol& symbol, const Signature& signature,
                         const json::Value& arguments);

// The function that this thread calls now, or null: for who explains a crash.
const char* current_function();

// Has `current_function` tell a name, and gives the one it told before.
const char* exchange_current_function(const char* name);

// Of the call on this thread: whether one of its callbacks failed. Further ones are skipped then,
// and the call fails with what the first said. Without effect outside of calls.
bool has_failed_callback();
void note_failed_callback(std::string message);

// Of the call on this thread, the function and the argument that a callback is: "qsort: args[3]: ".
// Empty where it is none of the call's own arguments.
std::string place_of_callback(const std::string& id);

// Keeps what a callback's result points to until the call on this thread ends; outside of calls,
// in `otherwise`.
void keep_for_call(std::unique_ptr<Staging> staging, std::unique_ptr<Staging>& otherwise);

}  // namespace nearfar::helper
