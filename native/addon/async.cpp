#include <cstring>

#include "addon/execute.h"
#include "addon/job.h"
#include "napi/napi.h"

// Asynchronous calls. A job owns a copy of what its call needs of the frame: the registers, the
// stack words that its executor reads, and the scratch space in use.
namespace nearfar::addon {
namespace {

// The copy of scratch space lies in its memory as the original does, so that over-aligned structs
// stay aligned. 64 bytes is the largest alignment that the vector types of C ask for.
constexpr size_t kAlignment = 64;

struct CallJob final : Job {
  CallPlan plan;  // A copy: the original may be released before the call is made.
  int32_t error_number = 0;
  uint32_t start = 0;   // Of the scratch space, as an offset in the frame.
  uint32_t length = 0;  // In bytes.
  std::unique_ptr<std::byte[]> memory;
  std::byte* scratch = nullptr;     // In `memory`, after the registers.
  std::vector<uint32_t> relocated;  // Offsets in the scratch space of the pointers into it.

  abi::Registers& registers() const { return *reinterpret_cast<abi::Registers*>(memory.get()); }
  void restore(Frame& frame) override;
};

// Moves a pointer from one copy of the scratch space to another; other pointers stay.
void relocate(void* slot, const std::byte* from, const std::byte* to, uint32_t length) {
  uint64_t address = 0;
  std::memcpy(&address, slot, sizeof address);
  const uint64_t offset = address - reinterpret_cast<uintptr_t>(from);
  if (offset > length) return;  // One past the end is a pointer into the space, too.
  address = reinterpret_cast<uintptr_t>(to) + offset;
  std::memcpy(slot, &address, sizeof address);
}

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
  std::byte* const original = reinterpret_cast<std::byte*>(&frame) + start;
  for (const uint32_t offset : relocated) {
    relocate(scratch + offset, scratch, original, length);
  }
  // A result may point into the arguments, as that of strchr does.
  for (uint64_t& word : registers().result_gp) {
    relocate(&word, scratch, original, length);
  }
  std::memcpy(frame.registers.result_gp, registers().result_gp,
              kRegisterBytes - offsetof(abi::Registers, result_gp));
  std::memcpy(original, scratch, length);
  frame.error_number = error_number;
}

// The registers and scratch space of the frame, copied into the job.
void copy_frame(CallJob& job, const Frame& frame) {
  const size_t image = kRegisterBytes + job.plan.stack_words * sizeof(uint64_t);
  const std::byte* const original = reinterpret_cast<const std::byte*>(&frame) + job.start;
  job.memory = std::make_unique_for_overwrite<std::byte[]>(image + kAlignment + job.length);
  job.scratch = job.memory.get() + image;
  const size_t gap =
      reinterpret_cast<uintptr_t>(original) - reinterpret_cast<uintptr_t>(job.scratch);
  job.scratch += gap % kAlignment;
  std::memcpy(job.memory.get(), &frame.registers, image);
  std::memcpy(job.scratch, original, job.length);
}

// Has a slot of the job, given by its offset in the frame, point into the job's copy. False if
// there is no such slot.
bool relocate_slot(CallJob& job, const Frame& frame, uint32_t offset) {
  const std::byte* const original = reinterpret_cast<const std::byte*>(&frame) + job.start;
  const size_t registers = offsetof(Frame, registers);
  const size_t registers_end = registers + kRegisterBytes + job.plan.stack_words * sizeof(uint64_t);
  if (offset >= registers && offset + sizeof(uint64_t) <= registers_end) {
    relocate(job.memory.get() + (offset - registers), original, job.scratch, job.length);
    return true;
  }
  if (offset < job.start || offset + sizeof(uint64_t) > uint64_t{job.start} + job.length) {
    return false;
  }
  job.relocated.push_back(offset - job.start);
  relocate(job.scratch + job.relocated.back(), original, job.scratch, job.length);
  return true;
}

bool relocate_slots(napi_env env, CallJob& job, const Frame& frame, napi_value pointers) {
  uint32_t count = 0;
  if (!napi::check(env, napi_get_array_length(env, pointers, &count))) return false;
  for (uint32_t index = 0; index < count; ++index) {
    napi_value element = nullptr;
    if (!napi::check(env, napi_get_element(env, pointers, index, &element))) return false;
    const std::optional<uint32_t> offset = napi::to_uint32(env, element);
    if (!offset) return false;
    if (!relocate_slot(job, frame, *offset)) {
      napi::throw_error(env, ErrorCode::kInvalidArgument, "a pointer slot is outside of the call");
      return false;
    }
  }
  return true;
}

// startJob(job, start, end, pointers, queue)
napi_value start_job(napi_env env, napi_callback_info info) {
  const napi::Arguments<5> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<uint32_t> number = napi::to_uint32(env, arguments[0]);
  const std::optional<uint32_t> start = number ? napi::to_uint32(env, arguments[1]) : number;
  const std::optional<uint32_t> end = start ? napi::to_uint32(env, arguments[2]) : start;
  const std::optional<double> queue = end ? napi::to_double(env, arguments[4]) : std::nullopt;
  if (!queue) return nullptr;
  const CallPlan* plan = current_plan(environment);
  const bool has_scratch = *start != *end;
  if (plan == nullptr || *end < *start || *end > kFrameBytes ||
      (has_scratch && *start < sizeof(Frame))) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no such plan or scratch space");
  }
  auto job = std::make_unique<CallJob>();
  job->run = run_call;
  job->number = *number;
  job->queue = static_cast<int32_t>(*queue);
  job->plan = *plan;
  job->library = find_library(environment, plan->library);
  job->start = *start;
  job->length = *end - *start;
  copy_frame(*job, *environment.frame);
  if (!relocate_slots(env, *job, *environment.frame, arguments[3])) return nullptr;
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
  // Pointers that C left in the scratch space lead into the job's copy: it stays until the next.
  environment.taken = environment.jobs->take();
  const Job* const job = environment.taken.get();
  if (job == nullptr) return napi::from_double(env, -1);
  environment.taken->restore(*environment.frame);
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
