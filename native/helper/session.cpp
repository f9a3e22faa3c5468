#include "helper/session.h"

#include <chrono>

#include "channel/frame_bytes.h"
#include "helper/json/parse.h"
#include "helper/json/write.h"
#include "helper/log.h"
#include "helper/number.h"

namespace nearfar::helper {
namespace {

// How often somebody who waits for the last answers looks whether they are still read.
constexpr std::chrono::milliseconds kReaderCheck{50};

void append_failure(std::string& out, const Failure& failure) {
  out += "{\"ok\":false,\"error\":{\"code\":\"";
  out += failure_code_name(failure.code);
  out += "\",\"message\":";
  json::write_string(out, failure.message);
  out += "},\"id\":";
}

void append_reply(std::string& out, const Reply& reply, bool is_compatible) {
  out += "{\"ok\":true,";
  if (!reply.members.empty()) {
    const bool is_nested = is_compatible && !reply.is_result;
    out += is_nested ? "\"result\":{" + reply.members + "}" : reply.members;
    out += ',';
  }
  out += "\"id\":";
}

std::string_view id_of(const json::Value& request) {
  const json::Value* id = request.find("id");
  return id == nullptr ? std::string_view("null") : id->source;
}

// What the client says of a callback that failed.
std::string failure_of(const json::Value& answer) {
  const json::Value* error = answer.find("error");
  const json::Value* message = error == nullptr ? nullptr : error->find("message");
  const bool has_message = message != nullptr && message->is(json::Kind::kString);
  return has_message ? message->text : "the client's callback failed";
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

}  // namespace

std::string Request::id() const { return std::string(id_of(root)); }

void Session::receive(std::string line, std::string attachment) {
  if (is_blank(line)) return;
  if (is_logged(LogLevel::kDebug)) log(LogLevel::kDebug, "request " + line);
  auto request = std::make_unique<Request>();
  request->line = std::move(line);
  request->attachment = std::move(attachment);
  const json::ParseError error = json::parse(request->line, request->root);
  Problem problem;
  if (error.problem != nullptr) {
    problem = Failure{FailureCode::kInvalidJson,
                      std::string("byte ") + std::to_string(error.offset) + ": " + error.problem};
    request->root = {};
  } else if (!request->root.is(json::Kind::kObject)) {
    problem = Failure{FailureCode::kInvalidJson, std::string("a request must be an object, got ") +
                                                     json::kind_name(request->root.kind)};
  }
  if (problem) return refuse(*problem);
  dispatch(std::move(request));
}

void Session::refuse_line(size_t most) {
  const char* const what = has_frames_ ? "a frame" : "a line";
  refuse({FailureCode::kInvalidJson, std::string(what) + " must have at most " +
                                         std::to_string(most) + " bytes: see --max-line"});
}

// What was no request, and so has no id.
void Session::refuse(const Failure& failure) {
  std::string answer;
  append_failure(answer, failure);
  send(answer + "null}");
}

bool Session::ask_for_frames() { return !has_frames_ && !wants_frames_.exchange(true); }

void Session::begin_frames(std::shared_ptr<FrameReceiver> frames) {
  const std::lock_guard lock(output_mutex_);
  frames_ = std::move(frames);
  has_frames_ = true;
}

void Session::dispatch(std::unique_ptr<Request> request) {
  const json::Value* name = request->root.find("cmd");
  if (name == nullptr && request->root.find("ok") != nullptr) return settle(std::move(request));
  const Command* command = name != nullptr && name->is(json::Kind::kString)
                               ? find_command(name->text, is_compatible_)
                               : nullptr;
  const bool is_immediate = command == nullptr || command->is_immediate;
  const json::Value* concurrent = request->root.find("concurrent");
  {
    const std::lock_guard lock(mutex_);
    ++unanswered_;
  }
  if (is_immediate) {
    run_request(*request);
  } else if (concurrent != nullptr && concurrent->boolean) {
    // std::function copies what it holds.
    const auto shared = std::make_shared<std::unique_ptr<Request>>(std::move(request));
    const bool submitted =
        pool_.submit([self = shared_from_this(), shared] { self->run_request(**shared); });
    if (!submitted) post(std::move(*shared));
  } else {
    post(std::move(request));
  }
}

void Session::post(std::unique_ptr<Request> request) {
  std::unique_lock lock(mutex_);
  queue_.push_back(std::move(request));
  if (!has_thread_) {
    has_thread_ = run_on_new_thread([self = shared_from_this()] { self->run(); });
  }
  if (has_thread_) {
    wake_.notify_all();
    return;
  }
  const std::unique_ptr<Request> unserved = std::move(queue_.front());
  queue_.pop_front();
  --unanswered_;
  lock.unlock();
  std::string answer;
  append_failure(answer, {FailureCode::kCallFailed, "the system refuses a thread for calls"});
  send(answer + unserved->id() + "}");
}

void Session::run() {
  std::unique_lock lock(mutex_);
  thread_ = std::this_thread::get_id();
  for (;;) {
    wake_.wait(lock, [this] { return !queue_.empty() || is_finishing_; });
    if (queue_.empty()) return;
    const std::unique_ptr<Request> request = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    run_request(*request);
    lock.lock();
  }
}

void Session::run_request(Request& request) {
  std::string out;
  Attachments attachments{.request = request.attachment, .answer = {}};
  answer(request.root, out, &attachments);
  send(std::move(out), attachments.answer);
  const std::lock_guard lock(mutex_);
  --unanswered_;
  wake_.notify_all();
}

void Session::answer(const json::Value& request, std::string& out, Attachments* attachments) {
  const json::Value* name = request.find("cmd");
  const bool is_compatible = is_compatible_;
  Outcome<Reply> outcome = Failure{FailureCode::kMissingParameter, "cmd is missing"};
  if (name != nullptr && !name->is(json::Kind::kString)) {
    outcome = Failure{FailureCode::kTypeError,
                      std::string("cmd must be a string, got ") + json::kind_name(name->kind)};
  } else if (name != nullptr) {
    const Command* command = find_command(name->text, is_compatible);
    outcome = command != nullptr
                  ? command->body(*this, Params(request, is_compatible, attachments))
                  : Failure{FailureCode::kUnknownCommand, "there is no such command"};
  }
  if (outcome) {
    append_reply(out, outcome.value(), is_compatible);
  } else {
    append_failure(out, outcome.failure());
  }
  out += id_of(request);
  out += '}';
}

void Session::settle(std::unique_ptr<Request> request) {
  const json::Value* id = request->root.find("id");
  const std::optional<uint64_t> number = id == nullptr ? std::nullopt : to_unsigned(*id);
  const std::lock_guard lock(mutex_);
  const auto found = number ? invocations_.find(*number) : invocations_.end();
  if (found == invocations_.end()) {
    log(LogLevel::kWarn, "an answer to a callback that nobody waits for");
    return;
  }
  Invocation& invocation = *found->second;
  invocations_.erase(found);
  invocation.line = std::move(request->line);
  invocation.root = std::move(request->root);
  invocation.is_answered = true;
  wake_.notify_all();
}

Outcome<json::Value> Session::invoke(const std::string& callback, const std::string& arguments) {
  Invocation invocation;
  std::unique_lock lock(mutex_);
  if (is_finishing_ || is_deaf_) {
    return Failure{FailureCode::kCallFailed, "the client is gone"};
  }
  const uint64_t number = ++last_invocation_;
  invocations_.emplace(number, &invocation);
  std::string line = "{\"cmd\":\"invoke_callback\",\"cb\":";
  json::write_string(line, callback);
  line += ",\"args\":[" + arguments + "],\"id\":" + std::to_string(number) + "}";
  // What was read before the callback comes after the call, as it was asked for. What is read from
  // now on may be what the callback waits for: the client has no other way to say so.
  const bool runs_calls = std::this_thread::get_id() == thread_;
  std::deque<std::unique_ptr<Request>> later;
  if (runs_calls) later.swap(queue_);
  lock.unlock();
  send(std::move(line));
  lock.lock();
  run_while_waiting(lock, invocation, runs_calls);
  if (runs_calls) {
    for (std::unique_ptr<Request>& request : queue_) later.push_back(std::move(request));
    queue_.swap(later);
  }
  if (!invocation.is_answered) {
    invocations_.erase(number);
    return Failure{FailureCode::kCallFailed, "the client is gone"};
  }
  lock.unlock();
  const json::Value* ok = invocation.root.find("ok");
  if (!ok->boolean) return Failure{FailureCode::kCallFailed, failure_of(invocation.root)};
  const json::Value* result = invocation.root.find(is_compatible_ ? "resp" : "result");
  return result == nullptr ? json::Value{} : *result;
}

void Session::run_while_waiting(std::unique_lock<std::mutex>& lock, const Invocation& invocation,
                                bool runs_calls) {
  const auto is_over = [&] { return invocation.is_answered || is_finishing_ || is_deaf_; };
  for (;;) {
    wake_.wait(lock, [&] { return is_over() || (runs_calls && !queue_.empty()); });
    if (is_over()) return;
    const std::unique_ptr<Request> request = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    run_request(*request);
    lock.lock();
  }
}

void Session::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  wake_.notify_all();
  while (unanswered_ > 0 && !is_deaf_ && has_reader(output_)) {
    wake_.wait_for(lock, kReaderCheck);
  }
  lock.unlock();
  // Calls may go on, but the stream is about to be closed, and its number to mean another.
  const std::lock_guard output_lock(output_mutex_);
  is_deaf_ = true;
}

void Session::send(std::string line, std::string_view attachment) {
  if (is_logged(LogLevel::kDebug)) log(LogLevel::kDebug, "answer " + line);
  if (has_frames_) {
    const std::string_view parts[] = {line, attachment};
    const auto attached = static_cast<uint32_t>(attachment.size());
    return send_frame(channel::FrameKind::kMessage, attached, parts);
  }
  line += '\n';
  const std::lock_guard lock(output_mutex_);
  write(line);
}

void Session::send_frame(channel::FrameKind kind, uint32_t number,
                         std::span<const std::string_view> parts) {
  const std::lock_guard lock(output_mutex_);
  channel::write_frame(kind, number, parts, [this](std::string_view bytes) { write(bytes); });
}

// By who has `output_mutex_`.
void Session::write(std::string_view bytes) {
  if (!is_deaf_ && !write_all(output_, bytes)) is_deaf_ = true;
}

}  // namespace nearfar::helper
