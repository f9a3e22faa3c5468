#include "addon/environment.h"

#include "addon/job.h"
#include "napi/napi.h"

// What the files of the addon share: the mail of an environment, and what keeps its loop running.
namespace nearfar::addon {
namespace {

// On the event loop, for one request at most; jobs and libraries are cheap to look at.
void handle_mail(napi_env, void* context) {
  Environment& environment = *static_cast<Environment*>(context);
  // An event loop that a C function runs: the calls below on the stack are not callers of these.
  const uint32_t depth = std::exchange(environment.frame->depth, 0);
  environment.calls_below += depth;
  if (Request* request = environment.mailbox->take(); request != nullptr) {
    deliver_request(environment, *request);
  }
  deliver_jobs(environment);
  deliver_background(environment);
  environment.calls_below -= depth;
  environment.frame->depth = depth;
  unmap_closed(environment);
}

// Runs first when the environment ends, while Node-API still works: threads that wait for its
// callbacks go on, and those that run its calls are waited for.
void close_environment(void* data) {
  Environment& environment = *static_cast<Environment*>(data);
  release_callbacks(environment);
  environment.mailbox->close();
  release_jobs(environment);
}

}  // namespace

bool open_mailbox(Environment& environment) {
  if (environment.mailbox->is_open()) return true;
  const napi_env env = environment.env;
  // Hooks run in reverse: ours before the mailbox's own.
  return napi::check(env, environment.mailbox->open(env, handle_mail, &environment)) &&
         napi::check(env, napi_add_env_cleanup_hook(env, close_environment, &environment));
}

void update_keep_alive(Environment& environment) {
  const bool wanted = environment.callbacks_keep_alive || environment.jobs->is_busy() ||
                      environment.background->is_busy();
  if (wanted == environment.kept_alive || !environment.mailbox->is_open()) return;
  environment.kept_alive = wanted;
  environment.mailbox->keep_alive(environment.env, wanted);
}

}  // namespace nearfar::addon
