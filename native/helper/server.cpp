#include "helper/server.h"

#include <memory>
#include <utility>

#include "helper/frame_receiver.h"
#include "helper/frames.h"
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
        if (!session->wants_frames()) break;
        session->begin_frames(std::make_shared<FrameReceiver>(
            *session, FrameReader(input, options.max_line, reader.take_rest()), options.max_line));
        session->frames()->watch();
        session->finish();
        return;
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
