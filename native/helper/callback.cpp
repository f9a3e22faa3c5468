#include "helper/callback.h"

#include <cstring>

#include "abi/closure.h"
#include "abi/frame.h"
#include "helper/call.h"
#include "helper/frame.h"
#include "helper/log.h"

namespace nearfar::helper {

Outcome<std::shared_ptr<Callback>> Callback::create(std::weak_ptr<Session> session,
                                                    Signature signature) {
  std::shared_ptr<Callback> callback(new Callback(std::move(session), std::move(signature)));
  callback->entry_ = &Entry::take(callback);
  const Result<void*> closure =
      abi::make_closure(enter, callback->entry_, callback->signature_.plan);
  if (!closure) {
    return Failure{
        FailureCode::kUnsupportedArguments,
        std::string(error_code_name(closure.error().code)) + ": " + closure.error().detail};
  }
  callback->closure_ = closure.value();
  return callback;
}

Callback::~Callback() {
  if (closure_ != nullptr) abi::release_closure(closure_);
  if (entry_ != nullptr) Entry::give_back(*entry_);
}

void Callback::enter(void* entry, abi::Registers& registers, const uint64_t* stack) {
  const std::shared_ptr<Callback> callback = static_cast<Entry*>(entry)->callback();
  if (callback != nullptr) callback->receive(registers, stack);
}

void Callback::receive(abi::Registers& registers, const uint64_t* stack) {
  const abi::Plan& plan = signature_.plan;
  abi::Registers image;
  std::memcpy(&image, &registers, abi::kRegisterBytes);
  std::memcpy(image.stack, stack, plan.argument_words * sizeof(uint64_t));
  void* memory = nullptr;
  if (plan.result.by_reference) {
    std::memcpy(&memory, piece_at(image, plan.result.pieces[0]), sizeof memory);
    std::memset(memory, 0, signature_.result.size);
  }
  const std::shared_ptr<Session> session = session_.lock();
  if (session != nullptr && !has_failed_callback()) {
    if (Problem problem = ask(*session, image)) {
      log(LogLevel::kInfo, "callback " + name_ + ": " + problem->message);
      note_failed_callback(name_ + ": " + problem->message);
    }
  }
  abi::copy_results(registers, image);
  // Where System V and Win64 want the address of a result in memory back.
  if (memory != nullptr) registers.result_gp[0] = reinterpret_cast<uintptr_t>(memory);
}

Problem Callback::ask(Session& session, abi::Registers& image) {
  std::string arguments;
  for (size_t index = 0; index < signature_.arguments.size(); ++index) {
    if (index > 0) arguments += ',';
    const CType& type = signature_.arguments[index];
    load(arguments, type, CallValue(type, signature_.plan.arguments[index], image).bytes());
  }
  const Outcome<json::Value> answer = session.invoke(name_, arguments);
  if (!answer) return answer.failure();
  if (signature_.result.form == Form::kVoid) return {};
  auto staging = std::make_unique<Staging>(session.tables);
  CallValue result(signature_.result);
  if (Problem problem = store(answer.value(), signature_.result, result.room(), *staging,
                              "the callback's result")) {
    return Failure{problem->code, place_of_callback(name_) + problem->message};
  }
  result.put(signature_.plan.result, image);
  const std::lock_guard lock(mutex_);
  keep_for_call(std::move(staging), last_);
  return {};
}

}  // namespace nearfar::helper
