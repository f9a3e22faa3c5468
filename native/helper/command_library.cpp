#include "helper/command.h"
#include "helper/json/write.h"
#include "helper/log.h"
#include "helper/session.h"

// Libraries and their symbols.
namespace nearfar::helper {
namespace {

Outcome<std::shared_ptr<Library>> find_library(Session& session, const Params& params) {
  const Outcome<std::string> handle = params.text("handle");
  if (!handle) return handle.failure();
  const std::shared_ptr<Library> library = session.tables.libraries.find(handle.value());
  if (library == nullptr) {
    return Failure{FailureCode::kInvalidHandle, "no library has that handle"};
  }
  return library;
}

}  // namespace

Outcome<Reply> run_load(Session& session, const Params& params) {
  const Outcome<std::string> path = params.text("path");
  if (!path) return path.failure();
  if (path.value().find('\0') != std::string::npos) {
    return Failure{FailureCode::kTypeError, "path must not contain U+0000"};
  }
  const Result<platform::LibraryHandle> handle = platform::open_library(path.value().c_str());
  if (!handle) return Failure{FailureCode::kLoadFailed, handle.error().detail};
  log(LogLevel::kInfo, "loaded " + path.value());
  return text_reply("handle",
                    session.tables.libraries.add(std::make_shared<Library>(handle.value())));
}

// Its symbols go with it. It stays mapped until calls in progress have ended.
Outcome<Reply> run_unload(Session& session, const Params& params) {
  const Outcome<std::string> handle = params.text("handle");
  if (!handle) return handle.failure();
  const std::shared_ptr<Library> library = session.tables.libraries.remove(handle.value());
  if (library == nullptr) {
    return Failure{FailureCode::kInvalidHandle, "no library has that handle"};
  }
  session.tables.symbols.remove_if(
      [&library](const Symbol& symbol) { return symbol.library == library; });
  return Reply{};
}

Outcome<Reply> run_sym(Session& session, const Params& params) {
  const Outcome<std::shared_ptr<Library>> library = find_library(session, params);
  if (!library) return library.failure();
  const Outcome<std::string> name = params.text("name", "symbol");
  if (!name) return name.failure();
  if (name.value().find('\0') != std::string::npos) {
    return Failure{FailureCode::kTypeError, "name must not contain U+0000"};
  }
  const Outcome<Signature> signature = read_signature(params, *library.value());
  if (!signature) return signature.failure();
  const Result<void*> address =
      platform::find_symbol(library.value()->handle(), name.value().c_str());
  if (!address) return Failure{FailureCode::kSymbolFailed, address.error().detail};
  return text_reply(
      "sym_id",
      session.tables.symbols.add(std::make_shared<Symbol>(Symbol{.library = library.value(),
                                                                 .address = address.value(),
                                                                 .name = name.value(),
                                                                 .signature = signature.value()})));
}

}  // namespace nearfar::helper
