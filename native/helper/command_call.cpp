#include "helper/call.h"
#include "helper/callback.h"
#include "helper/command.h"
#include "helper/session.h"

// Calls, and callbacks.
namespace nearfar::helper {
namespace {

// What a call says besides the symbol's own signature.
bool has_own_signature(const Params& params) {
  return params.find("arg_types") != nullptr || params.find("fixed") != nullptr ||
         params.find("errno") != nullptr;
}

}  // namespace

Outcome<Reply> run_call(Session& session, const Params& params) {
  static const json::Value kNoArguments{.kind = json::Kind::kArray};
  const Outcome<std::string> id = params.text("sym_id", "symbol");
  if (!id) return id.failure();
  const std::shared_ptr<Symbol> symbol = session.tables.symbols.find(id.value());
  if (symbol == nullptr) {
    return Failure{FailureCode::kInvalidSymbol, "no symbol has that sym_id"};
  }
  const json::Value* given = params.find("args");
  const json::Value& arguments = given == nullptr ? kNoArguments : *given;
  if (!arguments.is(json::Kind::kArray)) {
    return Failure{FailureCode::kTypeError,
                   std::string("args must be an array, got ") + json::kind_name(arguments.kind)};
  }
  if (symbol->signature.has_arguments && !has_own_signature(params)) {
    return make_call(session, *symbol, symbol->signature, arguments);
  }
  const Outcome<Signature> signature = read_call_signature(params, symbol->signature, arguments);
  if (!signature) return signature.failure();
  return make_call(session, *symbol, signature.value(), arguments);
}

Outcome<Reply> run_callback(Session& session, const Params& params) {
  Outcome<Signature> signature = read_callback_signature(params);
  if (!signature) return signature.failure();
  Outcome<std::shared_ptr<Callback>> callback =
      Callback::create(session.weak_from_this(), std::move(signature.value()));
  if (!callback) return callback.failure();
  const std::string name = session.tables.callbacks.add(callback.value());
  callback.value()->set_name(name);
  return text_reply("cb_id", name);
}

Outcome<Reply> run_callback_free(Session& session, const Params& params) {
  const Outcome<std::string> name = params.text("cb_id");
  if (!name) return name.failure();
  if (session.tables.callbacks.remove(name.value()) == nullptr) {
    return Failure{FailureCode::kInvalidSymbol, "no callback has that cb_id"};
  }
  return Reply{};
}

}  // namespace nearfar::helper
