#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "helper/closure_entry.h"
#include "helper/session.h"
#include "helper/signature.h"
#include "helper/values.h"

namespace nearfar::helper {

// A C function pointer that leads to the client.
class Callback {
 public:
  static Outcome<std::shared_ptr<Callback>> create(std::weak_ptr<Session> session,
                                                   Signature signature);
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  const void* address() const { return closure_; }

  // By which the client knows it. Before the pointer is given to anybody.
  void set_name(std::string name) { name_ = std::move(name); }

  // A call from C. Without a result, the result registers stay zero.
  void receive(abi::Registers& registers, const uint64_t* stack);

 private:
  using Entry = ClosureEntry<Callback>;

  Callback(std::weak_ptr<Session> session, Signature signature)
      : session_(std::move(session)), signature_(std::move(signature)) {}

  static void enter(void* entry, abi::Registers& registers, const uint64_t* stack);
  Problem ask(Session& session, abi::Registers& image);

  const std::weak_ptr<Session> session_;
  const Signature signature_;
  std::string name_;
  Entry* entry_ = nullptr;
  void* closure_ = nullptr;
  std::mutex mutex_;
  std::unique_ptr<Staging> last_;  // What the last result points to, of calls on foreign threads.
};

}  // namespace nearfar::helper
