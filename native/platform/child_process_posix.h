#pragma once

#include <sys/types.h>

#include "platform/child_process.h"

// What the parts of ChildProcess on POSIX have in common.
namespace nearfar::platform {

struct ChildProcess::System {
  pid_t id;
  int watch;
};

// A descriptor that is readable once a child has ended, which is left to be reaped. The caller
// closes it, and reaps only then or when it is readable. -1 and errno if there is none.
int watch_process(pid_t id);

}  // namespace nearfar::platform
