#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <process.h>
#include <windows.h>

#include "platform/thread.h"

namespace nearfar::platform {
namespace {

unsigned __stdcall enter(void* body) {
  reinterpret_cast<void (*)()>(body)();
  return 0;
}

}  // namespace

bool start_thread(const char*, void (*body)()) {
  // _beginthreadex, not CreateThread: C functions called on the thread may use the C runtime.
  const uintptr_t thread =
      _beginthreadex(nullptr, kThreadStackBytes, enter, reinterpret_cast<void*>(body),
                     STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (thread == 0) return false;
  CloseHandle(reinterpret_cast<HANDLE>(thread));
  return true;
}

size_t processor_count() {
  const DWORD count = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
  return count > 0 ? count : 1;
}

}  // namespace nearfar::platform
