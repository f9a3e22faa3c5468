#include <string>

#include "addon/contract.h"
#include "addon/environment.h"
#include "napi/napi.h"

// The module's entry point: one Environment per JavaScript environment, freed with it.
namespace nearfar::addon {
namespace {

#if defined(NEARFAR_VERSION)
constexpr const char* kVersion = NEARFAR_VERSION;
#else
#error "NEARFAR_VERSION comes from package.json through addon.gypi"
#endif

// The frame never crosses a 4 GiB boundary, so that JavaScript can compute the address of scratch
// memory by changing its low half alone. One retry suffices: the first stays allocated meanwhile.
bool create_frame(napi_env env, napi_value exports, Environment& environment) {
  napi_value buffer = nullptr;
  void* memory = nullptr;
  uintptr_t start = 0;
  do {
    if (!napi::check(env, napi_create_arraybuffer(env, kFrameBytes, &memory, &buffer))) {
      return false;
    }
    start = reinterpret_cast<uintptr_t>(memory);
  } while ((start >> 32) != ((start + kFrameBytes - 1) >> 32));
  environment.frame = static_cast<Frame*>(memory);
  if (!napi::check(env, napi_create_reference(env, buffer, 1, &environment.frame_reference))) {
    return false;
  }

  napi_value layout = napi::make_object(env);
  const auto offset = [&](const char* name, size_t value) {
    return napi::set(env, layout, name, napi::from_double(env, static_cast<double>(value)));
  };
  return napi::set(env, exports, "frame", buffer) &&
         napi::set(env, exports, "frameAddress", napi::from_address(env, start)) &&
         offset("plan", offsetof(Frame, plan)) && offset("viewMask", offsetof(Frame, view_mask)) &&
         offset("status", offsetof(Frame, status)) && offset("depth", offsetof(Frame, depth)) &&
         offset("errorNumber", offsetof(Frame, error_number)) &&
         offset("job", offsetof(Frame, job)) &&
         offset("liveCallbacks", offsetof(Frame, live_callbacks)) &&
         offset("registers", offsetof(Frame, registers)) && offset("scratch", sizeof(Frame)) &&
         offset("maxViews", kMaxViews) && napi::set(env, exports, "frameLayout", layout);
}

bool export_types(napi_env env, napi_value exports) {
  napi_value types = napi::make_object(env);
  for (const Type& type : scalar_types()) {
    napi_value entry = napi::make_object(env);
    const std::string name(type.name);
    const bool is_float =
        type.type_class == TypeClass::kFloat || type.type_class == TypeClass::kExtended;
    if (!napi::set(env, entry, "size", napi::from_double(env, type.size)) ||
        !napi::set(env, entry, "signed", napi::from_bool(env, type.is_signed)) ||
        !napi::set(env, entry, "float", napi::from_bool(env, is_float)) ||
        !napi::set(env, types, name.c_str(), entry)) {
      return false;
    }
  }
  return napi::set(env, exports, "types", types);
}

void destroy_environment(node_api_basic_env, void* data, void*) {
  // References and the frame's ArrayBuffer end with the environment itself. Libraries stay mapped:
  // addresses taken from them may be in use by another thread.
  auto* environment = static_cast<Environment*>(data);
  release_crossing(*environment);
  delete environment;
}

napi_value initialize(napi_env env, napi_value exports) {
  auto* environment = new Environment();
  environment->env = env;
  if (!napi::check(env, napi_set_instance_data(env, environment, destroy_environment, nullptr))) {
    delete environment;
    return nullptr;
  }
  const bool complete =
      napi::set(env, exports, "version", napi::from_string(env, kVersion)) &&
      napi::set(env, exports, "contract", napi::from_double(env, kContract)) &&
      napi::set(env, exports, "abi", napi::from_string(env, abi::name())) &&
      create_frame(env, exports, *environment) && export_types(env, exports) &&
      register_calls(env, exports, *environment) &&
      register_fast_calls(env, exports, *environment) &&
      register_callbacks(env, exports, *environment) && register_jobs(env, exports, *environment) &&
      register_map(env, exports, *environment) && register_libraries(env, exports, *environment) &&
      register_memory(env, exports) && register_isolates(env, exports, *environment) &&
      register_crypto(env, exports, *environment);
  return complete ? exports : nullptr;
}

}  // namespace
}  // namespace nearfar::addon

NAPI_MODULE_INIT() { return nearfar::addon::initialize(env, exports); }
