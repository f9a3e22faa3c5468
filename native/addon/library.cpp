#include "addon/environment.h"
#include "napi/napi.h"

// openLibrary, findSymbol, closeLibrary: handles are indexes, so that a stale one is refused.
namespace nearfar::addon {
namespace {

// Of NativeBinding.openLibrary, bit by bit: LIBRARY_FLAGS in src/internal/binding.ts.
constexpr uint32_t kGlobal = 1;
constexpr uint32_t kLazy = 2;
constexpr uint32_t kNoDelete = 4;
constexpr uint32_t kDeepBind = 8;

// openLibrary(path | null, flags) -> index
napi_value open_library(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  std::optional<std::string> path;
  if (!napi::is_nullish(env, arguments[0])) {
    path = napi::to_string(env, arguments[0]);
    if (!path) return nullptr;
  }
  const std::optional<uint32_t> flags = napi::to_uint32(env, arguments[1]);
  if (!flags) return nullptr;
  const platform::LoadOptions options = {.global = (*flags & kGlobal) != 0,
                                         .lazy = (*flags & kLazy) != 0,
                                         .no_delete = (*flags & kNoDelete) != 0,
                                         .deep_bind = (*flags & kDeepBind) != 0};
  const Result<platform::LibraryHandle> opened =
      platform::open_library(path ? path->c_str() : nullptr, options);
  if (!opened) return napi::throw_error(env, opened.error());
  environment.libraries.emplace_back().handle = opened.value();
  return napi::from_double(env, static_cast<double>(environment.libraries.size() - 1));
}

Library* to_open_library(napi_env env, napi_value value, Environment& environment) {
  const std::optional<uint32_t> index = napi::to_uint32(env, value);
  if (!index) return nullptr;
  Library* const library = find_library(environment, *index);
  if (library != nullptr && !library->closed) return library;
  napi::throw_error(env, ErrorCode::kLibraryClosed, "the library is closed");
  return nullptr;
}

// findSymbol(library, name, version?) -> address
napi_value find_symbol(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const Library* library = to_open_library(env, arguments[0], arguments.data<Environment>());
  if (library == nullptr) return nullptr;
  const std::optional<std::string> name = napi::to_string(env, arguments[1]);
  if (!name) return nullptr;
  std::optional<std::string> version;
  if (!napi::is_nullish(env, arguments[2])) {
    version = napi::to_string(env, arguments[2]);
    if (!version) return nullptr;
  }
  const Result<void*> found =
      platform::find_symbol(library->handle, name->c_str(), version ? version->c_str() : nullptr);
  if (!found) return napi::throw_error(env, found.error());
  return napi::from_address(env, reinterpret_cast<uintptr_t>(found.value()));
}

// closeLibrary(library): its functions fail from here on instead of jumping into unmapped code. It
// stays mapped while a call below on the stack, or an asynchronous one, may be inside of it.
napi_value close_library(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  Library* const library = to_open_library(env, arguments[0], environment);
  if (library == nullptr) return nullptr;
  for (CallPlan& plan : environment.plans) {
    if (find_library(environment, plan.library) == library) plan.target = nullptr;
  }
  library->closed = true;
  environment.closing.push_back(library);
  unmap_closed(environment);
  // If it is in use by a call on the stack, the event loop finds it unused.
  if (!environment.closing.empty()) environment.mailbox->wake();
  return nullptr;
}

}  // namespace

Library* find_library(Environment& environment, uint32_t index) {
  return index < environment.libraries.size() ? &environment.libraries[index] : nullptr;
}

void unmap_closed(Environment& environment) {
  if (environment.closing.empty()) return;
  if (environment.frame->depth > 0 || environment.calls_below > 0) return;
  std::erase_if(environment.closing, [](Library* library) {
    if (library->uses > 0) return false;
    platform::close_library(library->handle);
    library->handle = nullptr;
    return true;
  });
}

bool register_libraries(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "openLibrary", open_library, &environment) &&
         napi::set_function(env, exports, "findSymbol", find_symbol, &environment) &&
         napi::set_function(env, exports, "closeLibrary", close_library, &environment);
}

}  // namespace nearfar::addon
