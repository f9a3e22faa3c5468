#pragma once

#include <string>

#include "core/result.h"

namespace nearfar::platform {

using LibraryHandle = void*;

struct LoadOptions {
  bool global = false;     // Libraries opened later may use its symbols.
  bool lazy = false;       // Functions are looked up when first called.
  bool no_delete = false;  // Closing leaves it mapped.
  bool deep_bind = false;  // It prefers its own symbols to those of the process.
};

// Loads a dynamic library, or the process itself for a null path, which has the symbols of the C
// library: on Windows those of ucrtbase.dll and kernel32.dll. The error's detail is the
// loader's own text, which names a missing dependency where the system tells it. kNotSupported for
// an option that this system lacks.
Result<LibraryHandle> open_library(const char* path, const LoadOptions& options = {});

// The address of an exported symbol, of a version if one is given. kNotSupported where symbols have
// no versions.
Result<void*> find_symbol(LibraryHandle library, const char* name, const char* version = nullptr);

// Tells apart the executable and the libraries of the process: equal for two addresses of one
// image, null for an address of none.
const void* image_of(const void* address);

// Gives the handle back; the operating system unmaps the library with its last handle.
void close_library(LibraryHandle library);

// Keeps the module that holds an address mapped until the process ends, whoever closes it. False
// if the system refuses.
bool pin_module(const void* address);

}  // namespace nearfar::platform
