#include "helper/server.h"

#include <memory>
#include <utility>

#include "helper/channel_frames.h"
#include "helper/frames.h"
#include "helper/lines.h"
#include "helper/session.h"

namespace nearfar::helper {
namespace {

void serve_frames(Session& session, FrameReader reader, size_t most) {
  channel::FrameHead head{};
  std::string body;
  for (;;) {
    switch (reader.next(head, body)) {
      case FrameReader::Event::kFrame:
        if (head.kind == static_cast<uint32_t>(channel::FrameKind::kMessage)) {
          if (head.number > body.size()) {
            session.refuse({FailureCode::kOutOfBounds, "a message is shorter than its attachment"});
            break;
          }
          const size_t text = body.size() - head.number;
          session.receive(body.substr(0, text), body.substr(text));
        } else if (const Problem problem = receive_frame(session, head, body)) {
          session.refuse(*problem);
        }
        break;
      case FrameReader::Event::kTooLong:
        session.refuse_line(most);
        break;
      case FrameReader::Event::kEnd:
        return;
    }
  }
}

}  // namespace

void serve(Stream input, Stream output, Pool& pool, const Options& options) {
  const auto session = std::make_shared<Session>(output, pool, options.is_compatible);
  LineReader reader(input, options.max_line);
  for (;;) {
    std::string line;
    switch (reader.next(line)) {
      case LineReader::Event::kLine:
        session->receive(std::move(line));
        if (!session->begin_frames()) break;
        serve_frames(*session, FrameReader(input, options.max_line, reader.take_rest()),
                     options.max_line);
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
