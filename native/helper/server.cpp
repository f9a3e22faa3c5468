#include "helper/server.h"

#include <memory>
#include <utility>

#include "helper/lines.h"
#include "helper/session.h"

namespace nearfar::helper {

void serve(Stream input, Stream output, Pool& pool, const Options& options) {
  const auto session = std::make_shared<Session>(output, pool, options.is_compatible);
  LineReader reader(input, options.max_line);
  for (;;) {
    std::string line;
    switch (reader.next(line)) {
      case LineReader::Event::kLine:
        session->receive(std::move(line));
        break;
      case LineReader::Event::kTooLong:
        session->refuse_line(options.max_line);
        break;
      case LineReader::Event::kEnd:
        session->finish();
        return;
    }
  }
}

}  // namespace nearfar::helper
