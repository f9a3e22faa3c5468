#pragma once

#include <node_api.h>

#include <memory>

#include "addon/job.h"

// Work of our own away from the event loop, such as hashing: it settles a promise.
namespace nearfar::addon {

// Derive from it, set `run`, and have `run` call `finish` when the work is done, on any thread.
// Whatever takes long looks at `status` now and then: not 0 means that nobody waits any more.
struct Background : Job {
  // On the event loop. Null, with an exception pending, rejects the promise.
  virtual napi_value result(napi_env env) = 0;

  void restore(Frame&) final {}

  napi_deferred deferred = nullptr;
  napi_ref kept = nullptr;  // What holds the memory that the work reads and writes.
};

// Starts the work and returns its promise; `keep` is not collected until then. Null leaves an
// exception pending.
napi_value start_background(Environment& environment, std::unique_ptr<Background> work,
                            napi_value keep);

}  // namespace nearfar::addon
