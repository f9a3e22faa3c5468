#pragma once

#include "abi/abi.h"

// C function pointers that lead to our code, without generating any. Process-wide and thread-safe.
namespace nearfar::abi {

// Receives a call. `registers` holds the argument registers on entry; its result registers, zero on
// entry, are loaded on return. It has no stack words: `stack` points to the caller's.
using ClosureHandler = void (*)(void* context, Registers& registers, const uint64_t* stack);

// A new function pointer for calls of the planned signature. The context must stay valid for the
// life of the process: a call on another thread may still arrive with it while the closure is
// released. So must the module that this code is in stay loaded, once a closure exists: the caller
// pins it. kOutOfMemory, or kNotSupported where the system refuses executable pages.
Result<void*> make_closure(ClosureHandler handler, void* context, const Plan& plan);

// From here on calls of the pointer return zero at once. Its slot is used again, but only after
// many others have been given back, because C may keep a pointer longer than it should.
void release_closure(void* closure);

}  // namespace nearfar::abi
