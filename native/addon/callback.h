#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "abi/call_copy.h"
#include "addon/environment.h"

namespace nearfar::addon {

// What a call on another thread does: CALLBACK_THREADS in src/internal/binding.ts.
enum class ThreadPolicy : uint32_t { kBlock, kQueue, kDrop };

// What stands behind a C function pointer. Records are used again and never freed, because a call
// on another thread may be on its way to one.
struct Callback {
  std::atomic<std::thread::id> owner;  // The environment's thread; the next five are only its own.
  bool live = false;
  Environment* environment = nullptr;
  napi_ref run = nullptr;
  void* entered = nullptr;  // The same function for the environment's fast::Entry, or null.
  void* closure = nullptr;

  std::mutex mutex;                  // For the rest, which other threads read.
  std::shared_ptr<Mailbox> mailbox;  // Null: released.
  uint64_t generation = 0;
  ThreadPolicy policy = ThreadPolicy::kBlock;
  uint32_t stack_words = 0;
  std::vector<abi::Reference> references;

  // A result in memory of the caller's: where its address is, in Registers, and its bytes, or 0.
  std::atomic<uint32_t> result_address = 0;
  std::atomic<uint32_t> result_bytes = 0;
};

// A call from C, on any thread: an abi::ClosureHandler.
void receive_call(void* callback, abi::Registers& registers, const uint64_t* stack);

}  // namespace nearfar::addon
