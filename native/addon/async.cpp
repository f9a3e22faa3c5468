#include <cstring>

#include "addon/execute.h"
#include "addon/job.h"
#include "napi/napi.h"

// Asynchronous calls. A job owns a copy of what its call needs of the frame: the registers and the
// stack words that its executor reads. What pointers lead to is memory that JavaScript keeps alive.
namespace nearfar::addon {
namespace {

struct CallJob final : Job {
  CallPlan plan;  // A copy: the original may be released before the call is made.
  int32_t error_number = 0;
  std::unique_ptr<std::byte[]> image;

  abi::Registers& registers() const { return *reinterpret_cast<abi::Registers*>(image.get()); }
  void restore(Frame& frame) override;
};

void run_call(Task& task) {
  CallJob& job = static_cast<CallJob&>(task);
  if (job.plan.target == nullptr || (job.library != nullptr && job.library->closed)) {
    job.status = static_cast<uint32_t>(Failure::kClosed);
  } else {
    current_job = &job;
    call_target(job.plan, job.registers(), job.error_number);
    current_job = nullptr;
  }
  job.finish();
}

void CallJob::restore(Frame& frame) {
  abi::copy_results(frame.registers, registers());
  frame.error_number = error_number;
}

// startJob(job, queue)
napi_value start_job(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> number = napi::to_uint32(env, arguments[0]);
  const std::optional<double> queue = number ? napi::to_double(env, arguments[1]) : std::nullopt;
  if (!queue) return nullptr;
  const CallPlan* plan = current_plan(environment);
  if (plan == nullptr) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no such plan");
  }
  auto job = std::make_unique<CallJob>();
  job->run = run_call;
  job->number = *number;
  job->queue = static_cast<int32_t>(*queue);
  job->plan = *plan;
  job->library = find_library(environment, plan->library);
  const size_t bytes = kRegisterBytes + plan->stack_words * sizeof(uint64_t);
  job->image = std::make_unique_for_overwrite<std::byte[]>(bytes);
  std::memcpy(job->image.get(), &environment.frame->registers, bytes);
  submit_job(environment, std::move(job));
  return nullptr;
}

void end_use(Environment& environment, const Job& job) {
  if (job.library != nullptr) --job.library->uses;
  unmap_closed(environment);
  update_keep_alive(environment);
}

// cancelJob(job) -> whether it had not started
napi_value cancel_job(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> number = napi::to_uint32(env, arguments[0]);
  if (!number) return nullptr;
  const std::unique_ptr<Job> job = environment.jobs->cancel(*number);
  if (job != nullptr) end_use(environment, *job);
  return napi::from_bool(env, job != nullptr);
}

// takeJob() -> the number of a finished job, which is back in the frame, or -1
napi_value take_job(napi_env env, napi_callback_info info) {
  const napi::Arguments<0> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::unique_ptr<Job> job = environment.jobs->take();
  if (job == nullptr) return napi::from_double(env, -1);
  job->restore(*environment.frame);
  environment.frame->status = job->status;
  end_use(environment, *job);
  return napi::from_double(env, job->number);
}

// setJobHandler(run, threads)
napi_value set_job_handler(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> threads = napi::to_uint32(env, arguments[1]);
  if (!threads || !open_mailbox(environment)) return nullptr;
  napi_ref handler = nullptr;
  if (!napi::check(env, napi_create_reference(env, arguments[0], 1, &handler))) return nullptr;
  if (environment.job_handler != nullptr) napi_delete_reference(env, environment.job_handler);
  environment.job_handler = handler;
  Pool::instance().configure(*threads);
  return nullptr;
}

// configurePool(threads)
napi_value configure_pool(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<uint32_t> threads = napi::to_uint32(env, arguments[0]);
  if (threads) Pool::instance().configure(*threads);
  return nullptr;
}

}  // namespace

bool submit_job(Environment& environment, std::unique_ptr<Job> job) {
  const napi_env env = environment.env;
  if (environment.job_handler == nullptr || environment.jobs->has(job->number)) {
    napi::throw_error(env, ErrorCode::kInvalidArgument, "no handler, or the job's number is taken");
    return false;
  }
  Library* const library = job->library;
  job->table = environment.jobs;
  if (!environment.jobs->start(std::move(job))) {
    napi::throw_error(env, ErrorCode::kOutOfMemory, "no thread could be started");
    return false;
  }
  if (library != nullptr) ++library->uses;
  update_keep_alive(environment);
  return true;
}

void deliver_jobs(Environment& environment) {
  if (environment.job_handler == nullptr || !environment.jobs->has_finished()) return;
  napi::call_event(environment.env, environment.job_handler);
  // If JavaScript left some, because an error was thrown, they are not forgotten.
  if (environment.jobs->has_finished()) environment.mailbox->wake();
}

void release_jobs(Environment& environment) {
  environment.jobs->close();
  environment.background->close();
}

bool register_jobs(napi_env env, napi_value exports, Environment& environment) {
  environment.jobs = std::make_shared<JobTable>(environment.mailbox);
  environment.background = std::make_shared<JobTable>(environment.mailbox);
  return napi::set_function(env, exports, "startJob", start_job, &environment) &&
         napi::set_function(env, exports, "cancelJob", cancel_job, &environment) &&
         napi::set_function(env, exports, "configurePool", configure_pool, &environment) &&
         napi::set_function(env, exports, "takeJob", take_job, &environment) &&
         napi::set_function(env, exports, "setJobHandler", set_job_handler, &environment);
}

}  // namespace nearfar::addon
