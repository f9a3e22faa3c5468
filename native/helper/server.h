#pragma once

#include "helper/options.h"
#include "helper/stream.h"
#include "helper/threads.h"

namespace nearfar::helper {

// Serves one client until it is gone.
void serve(Stream input, Stream output, Pool& pool, const Options& options);

// Serves clients of a socket until the parent is gone. The exit status. One file per system.
int serve_socket(Pool& pool, const Options& options);

}  // namespace nearfar::helper
