#include "addon/map.h"

#include <algorithm>
#include <array>

#include "addon/job.h"
#include "napi/napi.h"

// mapCalls: its arguments checked once, then the calls here or, as a job, on several threads.
namespace nearfar::addon {
namespace {

// Ranges shorter than this are not worth another thread: waking one costs as much as some hundred
// calls.
constexpr size_t kSmallestRange = 512;

// Of NativeBinding.mapCalls.
constexpr size_t kColumnNumbers = 6;

std::nullopt_t refuse(napi_env env, const char* detail) {
  napi::throw_error(env, ErrorCode::kInvalidArgument, detail);
  return std::nullopt;
}

// Where the frame has the bytes from `offset` on, as an offset in the registers that a call has.
std::optional<uint32_t> to_register_offset(napi_env env, const CallPlan& plan, uint64_t offset,
                                           uint64_t bytes) {
  const uint64_t start = offsetof(Frame, registers);
  const uint64_t end = start + kRegisterBytes + plan.stack_words * sizeof(uint64_t);
  if (offset < start || offset + bytes > end) return refuse(env, "no such place in the frame");
  return static_cast<uint32_t>(offset - start);
}

// One description of a column. The memory comes later: see `locate`.
std::optional<Column> to_column(napi_env env, const CallPlan& plan, const uint32_t* numbers) {
  const auto [offset, width, element, is_signed, from, view] =
      reinterpret_cast<const std::array<uint32_t, kColumnNumbers>&>(*numbers);
  if (element == 0 || from >= element) return refuse(env, "no such part of an element");
  const uint32_t bytes = std::min(width, element - from);
  const std::optional<uint32_t> target = to_register_offset(env, plan, offset, width);
  if (!target) return {};
  return Column{.stride = element,
                .bytes = bytes,
                .target = *target,
                .load = choose_load(bytes, width, *target, is_signed != 0),
                .view = view,
                .offset = from};
}

std::optional<std::vector<Column>> to_columns(napi_env env, const CallPlan& plan,
                                              napi_value array) {
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, array);
  if (!bytes) return {};
  const auto* numbers = reinterpret_cast<const uint32_t*>(bytes->data());
  std::vector<Column> columns;
  for (size_t count = bytes->size() / (kColumnNumbers * sizeof(uint32_t)); count > 0; --count) {
    const std::optional<Column> column = to_column(env, plan, numbers);
    if (!column) return {};
    columns.push_back(*column);
    numbers += kColumnNumbers;
  }
  return columns;
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
    for (Column& column : work.columns) {
      napi_value view = nullptr;
      if (!napi::check(env, napi_get_element(env, views, column.view, &view))) return false;
      std::byte* const start = memory_of(env, view, count, column.stride);
      if (start == nullptr) return false;
      column.source = start + column.offset;
    }
    if (work.result_bytes == 0) return true;
    work.out = memory_of(env, out, count, work.result_bytes);
    return work.out != nullptr;
  }
};

// On the environment's thread, in the frame's time: a status ends it.
void map_here(Environment& environment, MapWork& work, const Memory& memory) {
  Frame& frame = *environment.frame;
  MapImage image(frame.registers, work.plan);
  ++frame.depth;
  size_t row = 0;
  while (row < memory.count) {
    row = map_rows(work, image, row, memory.count, frame.status, environment.callback_runs);
    if (row == memory.count || frame.status != 0 || !memory.locate(work)) break;
    if (work.result_bytes != 0) store_row(work, image, row);
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
      : work(std::move(work)), image(frame.registers, this->work.plan) {}

  MapWork work;
  MapImage image;
  size_t count = 0;
  std::vector<Range> ranges;
  std::atomic<size_t> running = 0;

  void restore(Frame&) override {}
};

void run_range(Task& task) {
  const Range& range = static_cast<Range&>(task);
  MapJob& job = *range.job;
  MapImage image = job.image;
  current_job = &job;
  size_t row = range.first;
  constexpr uint64_t kNoCallbacks = 0;  // They run elsewhere and cannot be seen here.
  while (row < range.last && job.status.load(std::memory_order_relaxed) == 0) {
    const size_t last = std::min(range.last, row + kSmallestRange);
    constexpr uint32_t kNoStatus = 0;
    row = map_rows(job.work, image, row, last, kNoStatus, kNoCallbacks);
  }
  current_job = nullptr;
  if (job.running.fetch_sub(1, std::memory_order_acq_rel) == 1) job.finish();
}

void run_map(Task& task) {
  MapJob& job = static_cast<MapJob&>(task);
  if (job.work.plan.target == nullptr || (job.library != nullptr && job.library->closed)) {
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

void start_map(Environment& environment, MapWork work, size_t count, uint32_t number) {
  const uint32_t library = work.plan.library;
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
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no plan, or nothing to call");
  }
  if (plan->target == nullptr) {
    environment.frame->status = static_cast<uint32_t>(Failure::kClosed);
    return nullptr;
  }
  std::optional<std::vector<Column>> columns = to_columns(env, *plan, arguments[1]);
  if (!columns) return nullptr;
  MapWork work = {.plan = *plan, .columns = std::move(*columns)};
  if (!napi::is_nullish(env, arguments[5]) && *result_bytes > 0) {
    const std::optional<uint32_t> offset = to_register_offset(env, *plan, *result, *result_bytes);
    if (!offset) return nullptr;
    work.result = *offset;
    work.result_bytes = *result_bytes;
  }
  const Memory memory = {env, arguments[2], arguments[5], static_cast<size_t>(*count)};
  if (!memory.locate(work)) return nullptr;
  if (*number == 0) {
    map_here(environment, work, memory);
  } else {
    start_map(environment, std::move(work), memory.count, *number);
  }
  return nullptr;
}

}  // namespace

bool register_map(napi_env env, napi_value exports, Environment& environment) {
  return napi::set_function(env, exports, "mapCalls", map_calls, &environment);
}

}  // namespace nearfar::addon
