#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "core/result.h"

#if defined(_MSC_VER)
#include <windows.h>
#endif

// Sleeping until a word changes, which another process may do if the memory is shared with it.
namespace nearfar::platform {

// Returns when the word is no longer `seen`, when `ring` was called for it, after `limit`, or
// early: the caller looks again.
void sleep_on(const std::atomic<uint32_t>& word, uint32_t seen, std::chrono::nanoseconds limit);

// Wakes whoever sleeps on the word, in whichever process.
void ring(std::atomic<uint32_t>& word);

// What another process can wake an event loop by: a descriptor that is readable once `signal_event`
// was called for it, until `clear_event`. kNotSupported where memory cannot be shared either.
Result<int> make_event();
bool signal_event(int descriptor);
void clear_event(int descriptor);
void close_event(int descriptor);

// Tells the processor that this is a loop that waits.
inline void pause_processor() {
#if defined(_MSC_VER)
  YieldProcessor();
#elif defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

}  // namespace nearfar::platform
