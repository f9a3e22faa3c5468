#include "helper/call.h"

#include <utility>
#include <vector>

#include "helper/base64.h"
#include "helper/frame.h"
#include "helper/json/write.h"
#include "helper/sandbox.h"
#include "platform/error_number.h"

namespace nearfar::helper {
namespace {

// A call in progress. Calls nest, through callbacks.
struct CurrentCall {
  const char* function;
  const json::Value& arguments;
  CurrentCall* outer;
  std::string failure;
  std::vector<std::unique_ptr<Staging>> kept;
};

thread_local CurrentCall* current_call = nullptr;
thread_local const char* current_name = nullptr;  // Of a call over the channel.

Failure wrong_count(size_t expected, size_t got) {
  return {FailureCode::kUnsupportedArguments,
          "args must have " + std::to_string(expected) + " elements, got " + std::to_string(got)};
}

// Puts the arguments into the registers. What they refer to is in `values` and `staging`.
Problem store_arguments(const Signature& signature, const json::Value& arguments,
                        abi::Registers& registers, std::vector<CallValue>& values,
                        Staging& staging) {
  const size_t count = signature.arguments.size();
  if (arguments.elements.size() != count) return wrong_count(count, arguments.elements.size());
  values.reserve(count);
  for (size_t index = 0; index < count; ++index) {
    const abi::Placement& placement = signature.plan.arguments[index];
    CallValue& value = values.emplace_back(signature.arguments[index]);
    staging.argument = index;
    if (Problem problem = store(arguments.elements[index], signature.arguments[index], value.room(),
                                staging, "args[" + std::to_string(index) + "]")) {
      return problem;
    }
    if (placement.by_reference) {
      value.refer(placement, registers);
    } else {
      value.put(placement, registers);
    }
  }
  return {};
}

void load_result(std::string& out, Session& session, const Signature& signature,
                 const CallValue& result) {
  uint64_t address = 0;
  if (signature.result.scalar != nullptr) std::memcpy(&address, result.bytes(), sizeof address);
  const bool is_pointer = signature.result.form == Form::kPointer;
  if (is_pointer && session.is_compatible() && address != 0) {
    const void* const pointer = reinterpret_cast<const void*>(static_cast<uintptr_t>(address));
    out += "{\"__ptrid__\":";
    json::write_string(out, session.tables.pointers.add(std::make_shared<const void*>(pointer)));
    out += '}';
    return;
  }
  load(out, signature.result, result.bytes());
  if (signature.result.form == Form::kText && signature.release != nullptr && address != 0) {
    signature.release(reinterpret_cast<void*>(static_cast<uintptr_t>(address)));
  }
}

void load_output(std::string& out, const Staging::Output& output) {
  if (output.type == nullptr) {
    out += "{\"__bytes__\":\"" + to_base64({output.at, output.count}) + "\"}";
    return;
  }
  if (!output.is_list) return load(out, *output.type, output.at);
  out += '[';
  for (size_t index = 0; index < output.count; ++index) {
    if (index > 0) out += ',';
    load(out, *output.type, output.at + index * output.type->size);
  }
  out += ']';
}

void load_outputs(std::string& out, Staging& staging) {
  if (staging.outputs().empty()) return;
  out += ",\"out\":{";
  for (const Staging::Output& output : staging.outputs()) {
    json::write_name(out, std::to_string(output.argument));
    load_output(out, output);
  }
  out += '}';
}

}  // namespace

Outcome<Reply> make_call(Session& session, const Symbol& symbol, const Signature& signature,
                         const json::Value& arguments) {
  if (Problem problem = enter_sandbox()) return *problem;
  abi::Registers registers{};
  Staging staging(session.tables);
  std::vector<CallValue> values;
  if (Problem problem = store_arguments(signature, arguments, registers, values, staging)) {
    return *problem;
  }
  const abi::Placement& placement = signature.plan.result;
  CallValue result(signature.result);
  if (placement.by_reference) result.refer(placement, registers);

  CurrentCall call{.function = symbol.name.c_str(), .arguments = arguments, .outer = current_call};
  current_call = &call;
  platform::set_error_number(0);
  signature.plan.execute(symbol.address, registers);
  const int32_t error = platform::error_number();
  current_call = call.outer;

  if (!call.failure.empty()) return Failure{FailureCode::kCallFailed, call.failure};
  if (!placement.by_reference) result = CallValue(signature.result, placement, registers);
  Reply reply{.members = "\"result\":", .is_result = true};
  load_result(reply.members, session, signature, result);
  if (signature.captures_error) reply.members += ",\"errno\":" + std::to_string(error);
  load_outputs(reply.members, staging);
  return reply;
}

const char* current_function() {
  return current_call == nullptr ? current_name : current_call->function;
}

const char* exchange_current_function(const char* name) {
  return std::exchange(current_name, name);
}

bool has_failed_callback() { return current_call != nullptr && !current_call->failure.empty(); }

void note_failed_callback(std::string message) {
  if (current_call != nullptr) current_call->failure = std::move(message);
}

std::string place_of_callback(const std::string& id) {
  if (current_call == nullptr) return {};
  const std::vector<json::Value>& arguments = current_call->arguments.elements;
  for (size_t index = 0; index < arguments.size(); ++index) {
    const json::Value* const callback = arguments[index].find("__cb__");
    if (callback == nullptr || callback->text != id) continue;
    return std::string(current_call->function) + ": args[" + std::to_string(index) + "]: ";
  }
  return {};
}

void keep_for_call(std::unique_ptr<Staging> staging, std::unique_ptr<Staging>& otherwise) {
  if (current_call != nullptr) {
    current_call->kept.push_back(std::move(staging));
  } else {
    otherwise = std::move(staging);
  }
}

}  // namespace nearfar::helper
