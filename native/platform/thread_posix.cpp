#include <pthread.h>
#include <unistd.h>

#include "platform/thread.h"

namespace nearfar::platform {
namespace {

void* enter(void* body) {
  reinterpret_cast<void (*)()>(body)();
  return nullptr;
}

}  // namespace

bool start_thread(const char* name, void (*body)()) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setstacksize(&attributes, kThreadStackBytes);
  pthread_t thread;
  const int failure = pthread_create(&thread, &attributes, enter, reinterpret_cast<void*>(body));
  pthread_attr_destroy(&attributes);
  if (failure != 0) return false;
#if defined(__linux__)
  if (name != nullptr) pthread_setname_np(thread, name);
#else
  (void)name;  // macOS names only the calling thread.
#endif
  pthread_detach(thread);
  return true;
}

size_t processor_count() {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? static_cast<size_t>(count) : 1;
}

}  // namespace nearfar::platform
