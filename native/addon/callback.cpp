#include "addon/callback.h"

#include "abi/closure.h"
#include "abi/quarantine.h"
#include "addon/signature.h"
#include "napi/napi.h"

// createCallback, releaseCallback, keepAlive: C function pointers that lead to JavaScript.
namespace nearfar::addon {
namespace {

using Records = abi::ClosureRecords<Callback>;

void release(Environment& environment, Callback& callback) {
  abi::release_closure(callback.closure);
  if (callback.entered != nullptr) environment.entry->forget(callback.entered);
  callback.entered = nullptr;
  callback.live = false;
  --environment.frame->live_callbacks;
  {
    const std::lock_guard lock(callback.mutex);
    callback.mailbox = nullptr;
    ++callback.generation;
  }
  // At once, because this thread may be about to wait for those that called. No more of them come:
  // they post under the callback's lock.
  environment.mailbox->drop(callback);
  Records::give_back(callback);
}

uint32_t store_callback(Environment& environment, Callback& callback) {
  if (environment.free_callbacks.empty()) {
    environment.callbacks.push_back(&callback);
    return static_cast<uint32_t>(environment.callbacks.size() - 1);
  }
  const uint32_t id = environment.free_callbacks.back();
  environment.free_callbacks.pop_back();
  environment.callbacks[id] = &callback;
  return id;
}

// Fills a record in; the closure comes last, because C may call it from then on.
Error connect(Callback& callback, Environment& environment, const abi::Plan& plan,
              const SignatureTypes& types, ThreadPolicy policy) {
  callback.environment = &environment;
  {
    const std::lock_guard lock(callback.mutex);
    callback.mailbox = environment.mailbox;
    callback.policy = policy;
    callback.stack_words = plan.argument_words;
    callback.references =
        abi::find_references(plan, {.arguments = types.arguments, .result = types.result});
    const bool in_memory = plan.result.by_reference;
    callback.result_address = in_memory ? plan.result.pieces[0].offset : 0;
    callback.result_bytes = in_memory ? types.result.size : 0;
  }
  callback.live = true;
  callback.owner.store(std::this_thread::get_id(), std::memory_order_relaxed);
  const Result<void*> closure = abi::make_closure(receive_call, &callback, plan);
  if (!closure) {
    callback.live = false;
    return closure.error();
  }
  callback.closure = closure.value();
  ++environment.frame->live_callbacks;
  return {};
}

// createCallback([result, ...arguments], thread, run) -> {id, address, slots}
napi_value create_callback(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<SignatureTypes> types = to_signature_types(env, arguments[0]);
  if (!types) return nullptr;
  const std::optional<uint32_t> policy = napi::to_uint32(env, arguments[1]);
  if (!policy) return nullptr;
  if (*policy > static_cast<uint32_t>(ThreadPolicy::kDrop)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no such policy for threads");
  }
  const Result<abi::Plan> plan =
      abi::make_plan({.arguments = types->arguments, .result = types->result});
  if (!plan) return napi::throw_error(env, plan.error());
  napi_value slots = make_slots(env, plan.value());
  if (slots == nullptr || !open_mailbox(environment)) return nullptr;
  // Closures are this module's code, and C may keep one after the last environment has ended.
  static const bool pinned = platform::pin_module(reinterpret_cast<const void*>(&receive_call));
  if (!pinned) {
    return napi::throw_error(env, ErrorCode::kNotSupported, "this module cannot be kept loaded");
  }

  Callback& callback = Records::take();
  if (!napi::check(env, napi_create_reference(env, arguments[2], 1, &callback.run))) {
    Records::give_back(callback);
    return nullptr;
  }
  const Error error =
      connect(callback, environment, plan.value(), *types, static_cast<ThreadPolicy>(*policy));
  if (error.code != ErrorCode::kOk) {
    napi_delete_reference(env, callback.run);
    Records::give_back(callback);
    return napi::throw_error(env, error);
  }
  if (environment.entry != nullptr) callback.entered = environment.entry->remember(arguments[2]);
  const uint32_t id = store_callback(environment, callback);
  const uint64_t address = reinterpret_cast<uintptr_t>(callback.closure);
  napi_value object = napi::make_object(env);
  const bool complete = napi::set(env, object, "id", napi::from_double(env, id)) &&
                        napi::set(env, object, "address", napi::from_address(env, address)) &&
                        napi::set(env, object, "slots", slots);
  return complete ? object : nullptr;
}

// releaseCallback(id)
napi_value release_callback(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> id = napi::to_uint32(env, arguments[0]);
  if (!id) return nullptr;
  if (*id >= environment.callbacks.size() || environment.callbacks[*id] == nullptr) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the callback was released before");
  }
  Callback& callback = *environment.callbacks[*id];
  environment.callbacks[*id] = nullptr;
  environment.free_callbacks.push_back(*id);
  napi_delete_reference(env, callback.run);
  release(environment, callback);
  return nullptr;
}

// keepAlive(count)
napi_value keep_alive(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> count = napi::to_uint32(env, arguments[0]);
  if (!count || !open_mailbox(environment)) return nullptr;
  environment.callbacks_keep_alive = *count > 0;
  update_keep_alive(environment);
  return nullptr;
}

}  // namespace

void release_callbacks(Environment& environment) {
  for (Callback* callback : environment.callbacks) {
    if (callback != nullptr) release(environment, *callback);
  }
  environment.callbacks.clear();
}

bool register_callbacks(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "createCallback", create_callback, &environment) &&
         napi::set_function(env, exports, "releaseCallback", release_callback, &environment) &&
         napi::set_function(env, exports, "keepAlive", keep_alive, &environment);
}

}  // namespace nearfar::addon
