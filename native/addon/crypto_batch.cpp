#include <new>
#include <vector>

#include "addon/background.h"
#include "addon/crypto_keys.h"
#include "addon/parallel.h"
#include "napi/napi.h"

// signMany and verifyMany: one crossing for many signatures, which are spread over threads.
namespace nearfar::addon {
namespace {

// Signatures that a thread takes at a time. One takes 15 us or more, waking a thread 50 us.
constexpr size_t kGrain = 4;

struct Item {
  const crypto::KeyOperation* operation;
  std::span<const std::byte> data;
  std::span<const std::byte> signature;  // When verifying.
};

// What is to be done, and where the results go: `stride` bytes for each signature, and its length;
// or a byte for each answer. All of that is memory of JavaScript.
struct Work {
  std::vector<Item> items;
  bool signs = false;
  size_t stride = 0;
  std::byte* out = nullptr;
  uint32_t* lengths = nullptr;
};

class Batch final : public ParallelLoop {
 public:
  explicit Batch(Work work) : ParallelLoop(work.items.size(), kGrain), work_(std::move(work)) {}

  // Ends the work early when it is not 0.
  void watch(const std::atomic<uint32_t>& status) { status_ = &status; }

  // Null if all went well.
  const Error* error() const { return error_ ? &*error_ : nullptr; }

 private:
  void work(size_t first, size_t last) override {
    for (size_t index = first; index < last; ++index) {
      if (status_ != nullptr && status_->load(std::memory_order_relaxed) != 0) return stop();
      std::optional<Error> error = work_.signs ? sign(index) : verify(index);
      if (!error) continue;
      stop();
      const std::lock_guard lock(error_mutex_);
      if (!error_) error_ = std::move(error);
    }
  }

  std::optional<Error> sign(size_t index) {
    const Item& item = work_.items[index];
    const Result<size_t> length = item.operation->sign(item.data, work_.out + index * work_.stride);
    if (!length) return length.error();
    work_.lengths[index] = static_cast<uint32_t>(length.value());
    return {};
  }

  std::optional<Error> verify(size_t index) {
    const Item& item = work_.items[index];
    const Result<bool> verified = item.operation->verify(item.data, item.signature);
    if (!verified) return verified.error();
    work_.out[index] = static_cast<std::byte>(verified.value());
    return {};
  }

  Work work_;
  const std::atomic<uint32_t>* status_ = nullptr;
  std::mutex error_mutex_;
  std::optional<Error> error_;
};

napi_value outcome(napi_env env, const Batch& batch) {
  if (batch.error() != nullptr) return napi::throw_error(env, *batch.error());
  napi_value undefined = nullptr;
  napi::check(env, napi_get_undefined(env, &undefined));
  return undefined;
}

struct BatchJob final : Background {
  explicit BatchJob(Work work) : batch(std::move(work)) { batch.watch(status); }
  napi_value result(napi_env env) override { return outcome(env, batch); }

  Batch batch;
};

void run_batch(Task& task) {
  BatchJob& job = static_cast<BatchJob&>(task);
  job.batch.run();
  job.finish();
}

std::nullopt_t refuse(napi_env env, const char* detail) {
  napi::throw_error(env, ErrorCode::kInvalidArgument, detail);
  return std::nullopt;
}

// With an index that is out of bounds, undefined, which is then refused as what it should be.
napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value = nullptr;
  return napi_get_element(env, array, index, &value) == napi_ok ? value : nullptr;
}

// The arrays that a batch is read from; `signatures` is undefined when signing.
struct Arrays {
  napi_env env;
  napi_value operations;
  napi_value inputs;
  napi_value signatures;

  std::optional<Item> item(uint32_t index, bool signs) const {
    const crypto::KeyOperation* operation = to_operation(env, element(env, operations, index));
    if (operation == nullptr) return {};
    if (operation->signs() != signs) return refuse(env, "the key is of the other type");
    const std::optional<std::span<std::byte>> data =
        napi::to_bytes(env, element(env, inputs, index));
    if (!data) return {};
    Item item = {operation, *data, {}};
    if (signs) return item;
    const std::optional<std::span<std::byte>> signature =
        napi::to_bytes(env, element(env, signatures, index));
    if (!signature) return {};
    item.signature = *signature;
    return item;
  }
};

bool read_items(const Arrays& arrays, bool signs, std::vector<Item>& items) {
  uint32_t count = 0;
  if (!napi::check(arrays.env, napi_get_array_length(arrays.env, arrays.inputs, &count))) {
    return false;
  }
  items.reserve(count);
  for (uint32_t index = 0; index < count; ++index) {
    napi_handle_scope scope = nullptr;
    if (!napi::check(arrays.env, napi_open_handle_scope(arrays.env, &scope))) return false;
    const std::optional<Item> item = arrays.item(index, signs);
    napi_close_handle_scope(arrays.env, scope);
    if (!item) return false;
    items.push_back(*item);
  }
  return true;
}

bool has_room(const Work& work, size_t out_bytes, size_t length_bytes) {
  const size_t count = work.items.size();
  if (!work.signs) return out_bytes >= count;
  for (const Item& item : work.items) {
    if (item.operation->max_signature_bytes() > work.stride) return false;
  }
  return length_bytes / sizeof(uint32_t) >= count &&
         (count == 0 || out_bytes / count >= work.stride);
}

// Here, or in the background with a promise of it.
napi_value start(napi_env env, Environment& environment, Work work, napi_value background,
                 napi_value keep) {
  bool is_background = false;
  if (!napi::check(env, napi_get_value_bool(env, background, &is_background))) return nullptr;
  if (is_background) {
    auto job = std::make_unique<BatchJob>(std::move(work));
    job->run = run_batch;
    return start_background(environment, std::move(job), keep);
  }
  Batch batch(std::move(work));
  batch.run();
  return outcome(env, batch);
}

// runBatch([operations, inputs, signatures, out, lengths], stride, background)
// With a stride the batch signs; without, it verifies.
napi_value run_batch_of(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const napi_value request = arguments[0];
  const Arrays arrays = {env, element(env, request, 0), element(env, request, 1),
                         element(env, request, 2)};
  const std::optional<std::span<std::byte>> out = napi::to_bytes(env, element(env, request, 3));
  if (!out) return nullptr;
  const std::optional<std::span<std::byte>> lengths = napi::to_bytes(env, element(env, request, 4));
  const std::optional<uint32_t> stride =
      lengths ? napi::to_uint32(env, arguments[1]) : std::nullopt;
  if (!stride) return nullptr;
  Work work = {.items = {},
               .signs = *stride > 0,
               .stride = *stride,
               .out = out->data(),
               .lengths = reinterpret_cast<uint32_t*>(lengths->data())};
  if (!read_items(arrays, work.signs, work.items)) return nullptr;
  if (!has_room(work, out->size(), lengths->size())) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the results have too little room");
  }
  return start(env, arguments.data<Environment>(), std::move(work), arguments[2], request);
}

}  // namespace

bool register_batches(napi_env env, napi_value object, Environment& environment) {
  return napi::set_function(env, object, "runBatch", run_batch_of, &environment);
}

}  // namespace nearfar::addon
