#include "addon/environment.h"
#include "napi/napi.h"

// openLibrary, findSymbol, closeLibrary: handles are numbers, so that a stale one is refused.
namespace nearfar::addon {
namespace {

// Of NativeBinding.openLibrary, bit by bit: LIBRARY_FLAGS in src/internal/binding.ts.
constexpr uint32_t kGlobal = 1;
constexpr uint32_t kLazy = 2;
constexpr uint32_t kNoDelete = 4;
constexpr uint32_t kDeepBind = 8;

// A number that no library has. They would come round after four thousand million libraries.
uint32_t next_handle(Environment& environment) {
  uint32_t handle = environment.next_library;
  while (handle == kNoLibrary || environment.libraries.contains(handle)) ++handle;
  environment.next_library = handle + 1;
  return handle;
}

// openLibrary(path | null, flags) -> handle
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
  const uint32_t handle = next_handle(environment);
  environment.libraries[handle].handle = opened.value();
  return napi::from_double(env, handle);
}

Library* to_open_library(napi_env env, uint32_t handle, Environment& environment) {
  Library* const library = find_library(environment, handle);
  if (library != nullptr && !library->closed) return library;
  napi::throw_error(env, ErrorCode::kLibraryClosed, "the library is closed");
  return nullptr;
}

// findSymbol(library, name, version?) -> address
napi_value find_symbol(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const std::optional<uint32_t> handle = napi::to_uint32(env, arguments[0]);
  if (!handle) return nullptr;
  const Library* library = to_open_library(env, *handle, arguments.data<Environment>());
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
  const std::optional<uint32_t> handle = napi::to_uint32(env, arguments[0]);
  Library* const library = handle ? to_open_library(env, *handle, environment) : nullptr;
  if (library == nullptr) return nullptr;
  for (const std::unique_ptr<CallPlan>& plan : environment.plans) {
    if (plan->library == *handle) plan->target = nullptr;
  }
  library->closed = true;
  environment.closing.push_back(*handle);
  unmap_closed(environment);
  // If it is in use by a call on the stack, the event loop finds it unused.
  if (!environment.closing.empty()) environment.mailbox->wake();
  return nullptr;
}

}  // namespace

Library* find_library(Environment& environment, uint32_t handle) {
  const auto found = environment.libraries.find(handle);
  return found == environment.libraries.end() ? nullptr : &found->second;
}

void unmap_closed(Environment& environment) {
  if (environment.closing.empty()) return;
  if (environment.frame->depth > 0 || environment.calls_below > 0) return;
  std::erase_if(environment.closing, [&environment](uint32_t handle) {
    const auto found = environment.libraries.find(handle);
    if (found->second.uses > 0) return false;
    platform::close_library(found->second.handle);
    environment.libraries.erase(found);
    return true;
  });
}

bool register_libraries(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "openLibrary", open_library, &environment) &&
         napi::set_function(env, exports, "findSymbol", find_symbol, &environment) &&
         napi::set_function(env, exports, "closeLibrary", close_library, &environment);
}

}  // namespace nearfar::addon
