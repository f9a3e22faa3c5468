#include "addon/crypto_background.h"

#include <algorithm>

#include "addon/crypto_digests.h"
#include "addon/crypto_memory.h"
#include "napi/napi.h"

// Memory that is hashed by a thread of the pool, in place.
namespace nearfar::addon {
namespace {

// After so many bytes (some milliseconds) a thread looks whether the environment ends.
constexpr size_t kStepBytes = 4 * 1024 * 1024;

struct MemoryWork final : HasherWork {
  MemoryWork(HasherHandle hasher, PinnedMemory memory)
      : HasherWork(std::move(hasher)), memory(std::move(memory)) {}

  napi_value result(napi_env env) override {
    shared->is_busy = false;
    if (problem) return napi::throw_error(env, *problem);
    return napi::from_double(env, static_cast<double>(memory.bytes().size()));
  }

  PinnedMemory memory;
};

void run_memory(Task& task) {
  MemoryWork& work = static_cast<MemoryWork&>(task);
  std::span<const std::byte> rest = work.memory.bytes();
  while (!rest.empty() && work.status == 0 && !work.problem) {
    const size_t step = std::min(rest.size(), kStepBytes);
    crypto::Hasher& hasher = *work.shared->hasher;
    if (!hasher.update(rest.first(step))) work.problem = hasher.error();
    rest = rest.subspan(step);
  }
  work.finish();
}

}  // namespace

napi_value update_in_background(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  HasherHandle shared = to_hasher(env, digests, arguments[0]);
  if (shared == nullptr) return nullptr;
  std::optional<PinnedMemory> memory = PinnedMemory::pin(env, arguments[1]);
  if (!memory) return nullptr;
  auto work = std::make_unique<MemoryWork>(std::move(shared), std::move(*memory));
  work->run = run_memory;
  return start_background(*digests.environment, std::move(work), arguments[1]);
}

}  // namespace nearfar::addon
