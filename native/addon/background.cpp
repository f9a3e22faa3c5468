#include "addon/background.h"

#include "napi/napi.h"

namespace nearfar::addon {
namespace {

void settle(napi_env env, Background& work) {
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  const napi_value result = work.result(env);
  if (work.kept != nullptr) napi_delete_reference(env, work.kept);
  napi_value exception = nullptr;
  if (result != nullptr) {
    napi_resolve_deferred(env, work.deferred, result);
  } else if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_reject_deferred(env, work.deferred, exception);
  }
  napi_close_handle_scope(env, scope);
}

// The numbers come round after 2^32; one still in use then is passed over.
uint32_t next_number(Environment& environment) {
  do ++environment.last_background;
  while (environment.background->has(environment.last_background));
  return environment.last_background;
}

}  // namespace

napi_value start_background(Environment& environment, std::unique_ptr<Background> work,
                            napi_value keep) {
  const napi_env env = environment.env;
  if (!open_mailbox(environment)) return nullptr;
  napi_value promise = nullptr;
  if (!napi::check(env, napi_create_reference(env, keep, 1, &work->kept)) ||
      !napi::check(env, napi_create_promise(env, &work->deferred, &promise))) {
    return nullptr;
  }
  work->number = next_number(environment);
  work->table = environment.background;
  if (!environment.background->start(std::move(work))) {
    return napi::throw_error(env, ErrorCode::kOutOfMemory, "no thread could be started");
  }
  update_keep_alive(environment);
  return promise;
}

void deliver_background(Environment& environment) {
  while (const std::unique_ptr<Job> done = environment.background->take()) {
    settle(environment.env, static_cast<Background&>(*done));
  }
  update_keep_alive(environment);
}

}  // namespace nearfar::addon
