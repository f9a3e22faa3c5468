#pragma once

#include <node_api.h>

#include <memory>

// The way back: entering JavaScript from C by V8's own functions. Node-API's way allocates a handle
// scope and checks what cannot be otherwise here: a callback costs half as much again by it.
namespace nearfar::fast {

struct V8Entry;

// The isolate and the context of an environment; only on its thread.
class Entry {
 public:
  // Null where V8 is not known, or differs from what is expected.
  static std::unique_ptr<const Entry> create();

  // A function without arguments, to be called by this entry, which keeps it alive; null if V8
  // refuses. Given back by `forget`.
  void* remember(napi_value function) const;
  void forget(void* function) const;

  // Calls it. False if it did not return: what it threw is gone, or the isolate is terminating.
  bool call(void* function) const;

 private:
  const V8Entry* v8_ = nullptr;
  void* isolate_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace nearfar::fast
