#pragma once

#include <string>

#include "core/result.h"

namespace nearfar::platform {

using LibraryHandle = void*;

// Loads a dynamic library, or the process image itself for a null path. The error's detail is the
// loader's own text, which names a missing dependency where the system tells it.
Result<LibraryHandle> open_library(const char* path);

// The address of an exported symbol.
Result<void*> find_symbol(LibraryHandle library, const char* name);

// Tells apart the executable and the libraries of the process: equal for two addresses of one
// image, null for an address of none.
const void* image_of(const void* address);

// Gives the handle back; the operating system unmaps the library with its last handle.
void close_library(LibraryHandle library);

// Keeps the module that holds an address mapped until the process ends, whoever closes it. False
// if the system refuses.
bool pin_module(const void* address);

}  // namespace nearfar::platform
