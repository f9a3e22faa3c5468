#include <uv.h>

#include <algorithm>
#include <condition_variable>

#include "addon/crypto_background.h"
#include "addon/crypto_digests.h"
#include "addon/parallel.h"
#include "napi/napi.h"
#include "platform/file.h"

// Files that are hashed by the pool: while one thread hashes what it has read, another reads on.
namespace nearfar::addon {
namespace {

// Small enough to be in the cache of the core that hashes it, large enough that the system call and
// the change of turns do not count.
constexpr size_t kBufferBytes = 256 * 1024;

struct FileWork final : HasherWork {
  using HasherWork::HasherWork;

  napi_value result(napi_env env) override {
    shared->is_busy = false;
    if (problem) return napi::throw_error(env, *problem);
    return napi::from_double(env, static_cast<double>(read));
  }

  platform::FileHandle file = {};
  uint64_t position = 0;
  uint64_t length = 0;
  uint64_t read = 0;
};

// Two equal readers. Each reads the next buffer and hashes it when those before it are hashed. One
// alone, where the pool has no other thread free, does the same without the overlap.
class Readers final : public ParallelLoop {
 public:
  explicit Readers(FileWork& work) : ParallelLoop(2, 1), work_(work) {}

 protected:
  void work(size_t, size_t) override {
    const auto buffer = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
    while (take_turn({buffer.get(), kBufferBytes})) continue;
  }

 private:
  // False at the end of the file, of the length, or of the environment.
  bool take_turn(std::span<std::byte> buffer) {
    std::unique_lock reading(reading_);
    if (ended_) return false;
    const uint64_t wanted = std::min<uint64_t>(buffer.size(), work_.length - work_.read);
    const Result<size_t> count = platform::read_at(work_.file, work_.position + work_.read,
                                                   buffer.first(static_cast<size_t>(wanted)));
    if (!count) work_.problem = count.error();
    const size_t bytes = count ? count.value() : 0;
    work_.read += bytes;
    ended_ = bytes == 0 || work_.read == work_.length || work_.status != 0;
    const uint64_t turn = turns_++;
    reading.unlock();

    std::unique_lock hashing(hashing_);
    hashed_one_.wait(hashing, [this, turn] { return hashed_ == turn; });
    if (!work_.shared->hasher->update(buffer.first(bytes))) {
      failure_ = work_.shared->hasher->error();
    }
    ++hashed_;
    hashed_one_.notify_one();
    return true;
  }

 public:
  std::optional<Error> failure() const { return failure_; }

 private:
  FileWork& work_;
  std::mutex reading_;
  bool ended_ = false;
  uint64_t turns_ = 0;

  std::mutex hashing_;
  std::condition_variable hashed_one_;
  uint64_t hashed_ = 0;  // Turns.
  std::optional<Error> failure_;
};

void run_file(Task& task) {
  FileWork& work = static_cast<FileWork&>(task);
  Readers readers(work);
  readers.run();
  if (!work.problem) work.problem = readers.failure();
  work.finish();
}

}  // namespace

napi_value update_from_file(napi_env env, napi_callback_info info) {
  const napi::Arguments<4> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  HasherHandle shared = to_hasher(env, digests, arguments[0]);
  if (shared == nullptr) return nullptr;
  const std::optional<uint32_t> descriptor = napi::to_uint32(env, arguments[1]);
  const std::optional<double> position =
      descriptor ? napi::to_double(env, arguments[2]) : std::nullopt;
  const std::optional<double> length = position ? napi::to_double(env, arguments[3]) : std::nullopt;
  if (!length) return nullptr;
  if (!(*position >= 0) || !(*length > 0)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no such part of a file");
  }
  auto work = std::make_unique<FileWork>(std::move(shared));
  work->run = run_file;
  // On Windows a descriptor is a number of the C runtime of node.exe, which is not ours.
  work->file = uv_get_osfhandle(static_cast<int>(*descriptor));
  work->position = static_cast<uint64_t>(*position);
  work->length = static_cast<uint64_t>(*length);
  return start_background(*digests.environment, std::move(work), napi::make_object(env));
}

}  // namespace nearfar::addon
