#pragma once

#include <node_api.h>

#include <memory>

// Memory that another thread reads. Node-API keeps an ArrayBuffer from being collected, but not
// from being detached: `transfer` gives its memory to another ArrayBuffer, which may be collected
// at once.
namespace nearfar::fast {

// Holds the memory itself, whatever becomes of the ArrayBuffer. Released on the environment's
// thread.
using Pin = std::shared_ptr<void>;

// Null where V8 is not known. `memory` is where Node-API says that the ArrayBuffer begins: V8 must
// agree. A resizable buffer gives memory back when it shrinks, pinned or not.
Pin pin_memory(napi_value array_buffer, const void* memory);

}  // namespace nearfar::fast
