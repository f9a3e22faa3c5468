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

Outcome<platform::LoadOptions> read_load_options(const Params& params) {
  platform::LoadOptions options;
  const std::pair<std::string_view, bool*> flags[] = {{"global", &options.global},
                                                      {"lazy", &options.lazy},
                                                      {"no_delete", &options.no_delete},
                                                      {"deep_bind", &options.deep_bind}};
  for (const auto& [name, target] : flags) {
    const Outcome<bool> flag = params.flag(name);
    if (!flag) return flag.failure();
    *target = flag.value();
  }
  return options;
}

}  // namespace

// `path` is null for the helper itself.
Outcome<Reply> run_load(Session& session, const Params& params) {
  const json::Value* const given = params.find("path");
  const bool is_self = given != nullptr && given->is(json::Kind::kNull);
  const Outcome<std::string> path = is_self ? std::string() : params.text("path");
  if (!path) return path.failure();
  if (path.value().find('\0') != std::string::npos) {
    return Failure{FailureCode::kTypeError, "path must not contain U+0000"};
  }
  const Outcome<platform::LoadOptions> options = read_load_options(params);
  if (!options) return options.failure();
  const Result<platform::LibraryHandle> handle =
      platform::open_library(is_self ? nullptr : path.value().c_str(), options.value());
  if (!handle) return Failure{FailureCode::kLoadFailed, handle.error().detail};
  log(LogLevel::kInfo, "loaded " + (is_self ? "the helper itself" : path.value()));
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
