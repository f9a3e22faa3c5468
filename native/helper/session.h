#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "channel/frames.h"
#include "helper/command.h"
#include "helper/frame_receiver.h"
#include "helper/stream.h"
#include "helper/tables.h"
#include "helper/threads.h"

namespace nearfar::helper {

// A line of the client, parsed.
struct Request {
  std::string line;
  std::string attachment;
  json::Value root;  // Refers to `line`.
  // As it was written; "null" without one.
  std::string id() const;
};

// One client: its handles, the order of its requests, its answers. Requests are done one after the
// other on one thread, so that a client may send many at once and libraries that belong to a thread
// work; those that say `concurrent` go to a pool, and what is immediate is done by who reads.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Stream output, Pool& pool, bool is_compatible)
      : output_(output), pool_(pool), is_compatible_(is_compatible) {}

  Tables tables;

  bool is_compatible() const { return is_compatible_; }
  void make_compatible() { is_compatible_ = true; }

  // A line, or that one was too long. By one thread, as the next two.
  void receive(std::string line, std::string attachment = {});
  void refuse_line(size_t most);
  void refuse(const Failure& failure);

  // Frames instead of lines: asked for by the client, and begun by who reads once that is answered.
  bool ask_for_frames();
  bool wants_frames() const { return wants_frames_; }
  void begin_frames(std::shared_ptr<FrameReceiver> frames);
  bool has_frames() const { return has_frames_; }
  const std::shared_ptr<FrameReceiver>& frames() const { return frames_; }  // Once it has them.

  // Sends a frame that is no message. On any thread.
  void send_frame(channel::FrameKind kind, uint32_t number,
                  std::span<const std::string_view> parts);

  // No more lines come. Waits until all requests are answered, or nobody reads the answers.
  void finish();

  // Answers a request that is done as part of another: batch. Appends the answer.
  void answer(const json::Value& request, std::string& out, Attachments* attachments = nullptr);

  // Calls the client from a library, on any thread: its answer, or why there is none. Meanwhile
  // new requests of the client are done, if this thread is the one for them.
  Outcome<json::Value> invoke(const std::string& callback, const std::string& arguments);

 private:
  struct Invocation {
    bool is_answered = false;
    std::string line;
    json::Value root;
  };

  void dispatch(std::unique_ptr<Request> request);
  void post(std::unique_ptr<Request> request);
  void run();
  void run_request(Request& request);
  void settle(std::unique_ptr<Request> request);
  void run_while_waiting(std::unique_lock<std::mutex>& lock, const Invocation& invocation,
                         bool runs_calls);
  void send(std::string line, std::string_view attachment = {});
  void write(std::string_view bytes);

  const Stream output_;
  Pool& pool_;
  std::atomic<bool> is_compatible_;
  std::atomic<bool> wants_frames_ = false;
  std::atomic<bool> has_frames_ = false;
  std::shared_ptr<FrameReceiver> frames_;
  std::mutex output_mutex_;
  std::atomic<bool> is_deaf_ = false;  // Nobody reads what is sent.

  std::mutex mutex_;  // For the rest.
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Request>> queue_;
  size_t unanswered_ = 0;
  bool is_finishing_ = false;
  bool has_thread_ = false;
  std::thread::id thread_;  // That of the queue.
  std::map<uint64_t, Invocation*> invocations_;
  uint64_t last_invocation_ = 0;
};

}  // namespace nearfar::helper
