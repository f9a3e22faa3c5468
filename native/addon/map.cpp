#include <algorithm>

#include "abi/rows.h"
#include "addon/environment.h"
#include "addon/job.h"
#include "napi/napi.h"

// mapCalls: its arguments checked once, then the calls here or, as a job, on several threads.
namespace nearfar::addon {
namespace {

// Ranges shorter than this are not worth another thread: waking one costs as much as some hundred
// calls.
constexpr size_t kSmallestRange = 512;

napi_value refuse(napi_env env, const char* detail) {
  return napi::throw_error(env, ErrorCode::kInvalidArgument, detail);
}

// Of a column: its memory is asked for again, see `locate`.
struct ViewPart {
  uint32_t view;
  uint32_t from;
};

struct MapWork {
  abi::RowCalls calls;
  std::vector<ViewPart> views;  // Of each of the columns.
  uint32_t stack_words = 0;
};

bool add_columns(napi_env env, napi_value array, MapWork& work) {
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, array);
  if (!bytes) return false;
  const auto* const parts = reinterpret_cast<const abi::ColumnPart*>(bytes->data());
  for (const abi::ColumnPart& part : std::span(parts, bytes->size() / sizeof *parts)) {
    const std::optional<abi::Column> column = abi::to_column(part, work.stack_words);
    if (!column) {
      refuse(env, "no such part of an element, or no such place in the frame");
      return false;
    }
    work.calls.columns.push_back(*column);
    work.views.push_back({part.view, part.from});
  }
  return true;
}

// The memory of a view that has room for so many elements. Null leaves an exception.
std::byte* memory_of(napi_env env, napi_value view, size_t count, size_t element) {
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, view);
  if (!bytes) return nullptr;
  if (count <= bytes->size() / element) return bytes->data();
  refuse(env, "a column is shorter than the count");
  return nullptr;
}

// Where the columns and the results are. Asked again after a callback, which may have moved or
// detached them.
struct Memory {
  napi_env env;
  napi_value views;
  napi_value out;
  size_t count;

  bool locate(MapWork& work) const {
    for (size_t index = 0; index < work.views.size(); ++index) {
      abi::Column& column = work.calls.columns[index];
      napi_value view = nullptr;
      if (!napi::check(env, napi_get_element(env, views, work.views[index].view, &view))) {
        return false;
      }
      std::byte* const start = memory_of(env, view, count, column.stride);
      if (start == nullptr) return false;
      column.source = start + work.views[index].from;
    }
    if (work.calls.result_bytes == 0) return true;
    work.calls.out = memory_of(env, out, count, work.calls.result_bytes);
    return work.calls.out != nullptr;
  }
};

// On the environment's thread, in the frame's time: a status ends it.
void map_here(Environment& environment, MapWork& work, const Memory& memory) {
  Frame& frame = *environment.frame;
  abi::RowImage image(frame.registers, work.stack_words);
  ++frame.depth;
  uint64_t current = 0;
  const abi::RowEvents events = {frame.status, environment.callback_runs, current};
  size_t row = 0;
  while (row < memory.count) {
    row = abi::call_rows(work.calls, image, row, memory.count, events);
    if (row == memory.count || frame.status != 0 || !memory.locate(work)) break;
    if (work.calls.result_bytes != 0) abi::store_row(work.calls, image, row);
    ++row;
  }
  --frame.depth;
}

struct MapJob;

struct Range : Task {
  MapJob* job = nullptr;
  size_t first = 0;
  size_t last = 0;
};

// A job that divides itself: the first of its tasks to run starts the others.
struct MapJob final : Job {
  explicit MapJob(const Frame& frame, MapWork work)
      : work(std::move(work)), image(frame.registers, this->work.stack_words) {}

  MapWork work;
  abi::RowImage image;
  size_t count = 0;
  std::vector<Range> ranges;
  std::atomic<size_t> running = 0;

  void restore(Frame&) override {}
};

void run_range(Task& task) {
  const Range& range = static_cast<Range&>(task);
  MapJob& job = *range.job;
  abi::RowImage image = job.image;
  current_job = &job;
  size_t row = range.first;
  constexpr uint32_t kNoStatus = 0;
  constexpr uint64_t kNoCallbacks = 0;  // They run elsewhere and cannot be seen here.
  uint64_t current = 0;
  const abi::RowEvents events = {kNoStatus, kNoCallbacks, current};
  while (row < range.last && job.status.load(std::memory_order_relaxed) == 0) {
    const size_t last = std::min(range.last, row + kSmallestRange);
    row = abi::call_rows(job.work.calls, image, row, last, events);
  }
  current_job = nullptr;
  if (job.running.fetch_sub(1, std::memory_order_acq_rel) == 1) job.finish();
}

void run_map(Task& task) {
  MapJob& job = static_cast<MapJob&>(task);
  if (job.work.calls.target == nullptr || (job.library != nullptr && job.library->closed)) {
    job.status = static_cast<uint32_t>(Failure::kClosed);
    job.finish();
    return;
  }
  const size_t most = (job.count + kSmallestRange - 1) / kSmallestRange;
  const size_t count = std::min(Pool::instance().size(), most);
  job.ranges.resize(count);
  job.running = count;
  size_t first = 0;
  for (size_t index = 0; index < count; ++index) {
    Range& range = job.ranges[index];
    range.run = run_range;
    range.job = &job;
    range.first = first;
    range.last = first += job.count / count + (index < job.count % count ? 1 : 0);
    // Cannot fail: the pool has the thread that runs this.
    if (index > 0) static_cast<void>(Pool::instance().submit(range));
  }
  run_range(job.ranges[0]);
}

void start_map(Environment& environment, MapWork work, uint32_t library, size_t count,
               uint32_t number) {
  auto job = std::make_unique<MapJob>(*environment.frame, std::move(work));
  job->run = run_map;
  job->number = number;
  job->library = find_library(environment, library);
  job->count = count;
  submit_job(environment, std::move(job));
}

// mapCalls(count, columns, views, resultOffset, resultBytes, out, job)
napi_value map_calls(napi_env env, napi_callback_info info) {
  const napi::Arguments<7> arguments(env, info);
  Environment& environment = arguments.data<Environment>();
  const std::optional<double> count = napi::to_double(env, arguments[0]);
  if (!count) return nullptr;
  const std::optional<uint32_t> result = napi::to_uint32(env, arguments[3]);
  if (!result) return nullptr;
  const std::optional<uint32_t> result_bytes = napi::to_uint32(env, arguments[4]);
  if (!result_bytes) return nullptr;
  const std::optional<uint32_t> number = napi::to_uint32(env, arguments[6]);
  if (!number) return nullptr;
  const CallPlan* plan = current_plan(environment);
  if (plan == nullptr || *count < 1) {
    return refuse(env, "no plan, or nothing to call");
  }
  if (plan->target == nullptr) {
    environment.frame->status = static_cast<uint32_t>(Failure::kClosed);
    return nullptr;
  }
  MapWork work = {
      .calls = {.target = plan->target, .execute = plan->execute, .direct = plan->direct},
      .stack_words = plan->stack_words};
  if (!add_columns(env, arguments[1], work)) return nullptr;
  if (!napi::is_nullish(env, arguments[5]) && *result_bytes > 0) {
    const std::optional<uint32_t> offset =
        abi::register_offset(*result, *result_bytes, plan->stack_words);
    if (!offset) return refuse(env, "no such place in the frame");
    work.calls.result = *offset;
    work.calls.result_bytes = *result_bytes;
  }
  const Memory memory = {env, arguments[2], arguments[5], static_cast<size_t>(*count)};
  if (!memory.locate(work)) return nullptr;
  if (*number == 0) {
    map_here(environment, work, memory);
  } else {
    start_map(environment, std::move(work), plan->library, memory.count, *number);
  }
  return nullptr;
}

}  // namespace

bool register_map(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "mapCalls", map_calls, &environment);
}

}  // namespace nearfar::addon
