#include "abi/closure.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "abi/closure_code.h"
#include "abi/quarantine.h"

namespace nearfar::abi {

// Read by calls on any thread while another makes or releases the closure: a sequence lock. The
// generation is odd while the closure is live; a reader that sees it change has read a mixture.
struct ClosureRecord {
  ClosureReceiver receive = nullptr;  // Where the machine code expects it.
  std::atomic<uint32_t> generation = 0;
  std::atomic<bool> result_in_x87 = false;
  std::atomic<uint8_t> float_positions = 0;
  std::atomic<ClosureHandler> handler = nullptr;
  std::atomic<void*> context = nullptr;
  void* pointer = nullptr;  // What C calls; set once.
};

namespace {

// On Win64 floating arguments come in registers of their own; their place in the image is with the
// integers.
void merge_positions(Registers& registers, uint32_t float_positions) {
  for (uint32_t index = 0; float_positions >> index != 0; ++index) {
    if ((float_positions >> index & 1) != 0) registers.gp[index] = registers.fp[index];
  }
}

bool receive(ClosureRecord* record, Registers* registers, const uint64_t* stack) {
  for (uint64_t& word : registers->result_gp) word = 0;
  for (uint64_t& word : registers->result_fp) word = 0;
  for (uint64_t& word : registers->result_x87) word = 0;
  const uint32_t generation = record->generation.load(std::memory_order_acquire);
  const ClosureHandler handler = record->handler.load(std::memory_order_relaxed);
  void* const context = record->context.load(std::memory_order_relaxed);
  const uint32_t positions = record->float_positions.load(std::memory_order_relaxed);
  // Kept by a release: the caller takes the zero from where it takes every result.
  const bool result_in_x87 = record->result_in_x87.load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  const bool is_consistent = record->generation.load(std::memory_order_relaxed) == generation;
  if (generation % 2 == 1 && is_consistent) {
    merge_positions(*registers, positions);
    handler(context, *registers, stack);
  }
  return result_in_x87;
}

// All closures of the process. Blocks and records are never given back: C may call any time.
class ClosureTable {
 public:
  Result<ClosureRecord*> take() {
    const std::lock_guard lock(mutex_);
    if (ClosureRecord* const used = released_.take(); used != nullptr) return used;
    if (unused_.empty()) {
      if (const Error failure = grow(); failure.code != ErrorCode::kOk) return failure;
    }
    ClosureRecord* record = unused_.back();
    unused_.pop_back();
    return record;
  }

  void give_back(ClosureRecord& record) {
    const std::lock_guard lock(mutex_);
    released_.give_back(record);
  }

 private:
  Error grow() {
    const ClosureCode code = closure_code();
    Result<std::byte*> mapped = map_thunk_block(code.block);
    if (!mapped) return mapped.error();
    std::byte* block = mapped.value();
    auto* records = new (std::nothrow) ClosureRecord[code.thunks];
    if (records == nullptr) {
      unmap_thunk_block(block);
      return {ErrorCode::kOutOfMemory, "no memory for more callbacks"};
    }
    const size_t thunk_bytes = code.thunks * kThunkBytes;
    const void* entry = code.entry != nullptr ? code.entry : block + thunk_bytes;
    auto* slots = reinterpret_cast<ClosureSlot*>(block + kThunkBlockBytes);
    for (size_t index = code.thunks; index-- > 0;) {
      records[index].receive = receive;
      records[index].pointer = block + index * kThunkBytes;
      slots[index] = {entry, &records[index]};
      unused_.push_back(&records[index]);
    }
    seal_thunk_block(block);
    return {};
  }

  std::mutex mutex_;
  std::vector<ClosureRecord*> unused_;  // The next one to use is last.
  Quarantine<ClosureRecord> released_;
};

// Never destroyed: closures are called while the process exits.
ClosureTable& table() {
  static auto* const instance = new ClosureTable();
  return *instance;
}

ClosureRecord& record_of(void* closure) {
  const auto* slot = static_cast<const std::byte*>(closure) + kThunkBlockBytes;
  return *reinterpret_cast<const ClosureSlot*>(slot)->record;
}

}  // namespace

Result<void*> make_closure(ClosureHandler handler, void* context, const Plan& plan) {
  const Result<ClosureRecord*> taken = table().take();
  if (!taken) return taken.error();
  ClosureRecord& record = *taken.value();
  std::atomic_thread_fence(std::memory_order_release);
  record.handler.store(handler, std::memory_order_relaxed);
  record.context.store(context, std::memory_order_relaxed);
  record.result_in_x87.store(plan.result_in_x87, std::memory_order_relaxed);
  record.float_positions.store(plan.float_positions, std::memory_order_relaxed);
  record.generation.fetch_add(1, std::memory_order_release);
  return record.pointer;
}

void release_closure(void* closure) {
  ClosureRecord& record = record_of(closure);
  record.generation.fetch_add(1, std::memory_order_release);
  table().give_back(record);
}

}  // namespace nearfar::abi
