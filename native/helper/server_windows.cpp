#include "helper/log.h"
#include "helper/server.h"

namespace nearfar::helper {

int serve_socket(Pool&, const Options&) {
  log(LogLevel::kError, "--socket is not served on Windows: use --server");
  return 1;
}

}  // namespace nearfar::helper
