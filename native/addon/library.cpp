#include "addon/environment.h"
#include "napi/napi.h"

// openLibrary, findSymbol, closeLibrary: handles are indexes, so that a stale one is refused.
namespace nearfar::addon {
namespace {

// openLibrary(path | null) -> index
napi_value open_library(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  std::optional<std::string> path;
  if (!napi::is_nullish(env, arguments[0])) {
    path = napi::to_string(env, arguments[0]);
    if (!path) return nullptr;
  }
  Result<platform::LibraryHandle> opened = platform::open_library(path ? path->c_str() : nullptr);
  if (!opened) return napi::throw_error(env, opened.error());
  environment.libraries.push_back(opened.value());
  return napi::from_double(env, static_cast<double>(environment.libraries.size() - 1));
}

std::optional<uint32_t> to_open_library(napi_env env, napi_value value,
                                        const Environment& environment) {
  const std::optional<uint32_t> index = napi::to_uint32(env, value);
  if (!index) return {};
  if (*index >= environment.libraries.size() || environment.libraries[*index] == nullptr) {
    napi::throw_error(env, ErrorCode::kLibraryClosed, "the library is closed");
    return {};
  }
  return index;
}

// findSymbol(library, name) -> address
napi_value find_symbol(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> library = to_open_library(env, arguments[0], environment);
  if (!library) return nullptr;
  const std::optional<std::string> name = napi::to_string(env, arguments[1]);
  if (!name) return nullptr;
  Result<void*> found = platform::find_symbol(environment.libraries[*library], name->c_str());
  if (!found) return napi::throw_error(env, found.error());
  return napi::from_address(env, reinterpret_cast<uintptr_t>(found.value()));
}

// closeLibrary(library): its functions fail from here on instead of jumping into unmapped code.
napi_value close_library(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> library = to_open_library(env, arguments[0], environment);
  if (!library) return nullptr;
  for (CallPlan& plan : environment.plans) {
    if (plan.library == *library) plan.target = nullptr;
  }
  platform::close_library(environment.libraries[*library]);
  environment.libraries[*library] = nullptr;
  return nullptr;
}

}  // namespace

bool register_libraries(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "openLibrary", open_library, &environment) &&
         napi::set_function(env, exports, "findSymbol", find_symbol, &environment) &&
         napi::set_function(env, exports, "closeLibrary", close_library, &environment);
}

}  // namespace nearfar::addon
