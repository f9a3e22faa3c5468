#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "helper/handles.h"
#include "helper/signature.h"
#include "platform/library.h"

// What a client has made, and names by handles.
namespace nearfar::helper {

// Closed when nobody uses it any more: a call in progress does.
class Library {
 public:
  explicit Library(platform::LibraryHandle handle) : handle_(handle) {}
  ~Library() { platform::close_library(handle_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  platform::LibraryHandle handle() const { return handle_; }

 private:
  platform::LibraryHandle handle_;
};

struct Symbol {
  std::shared_ptr<Library> library;
  void* address;
  std::string name;
  Signature signature;
};

// Memory that the client asked for.
class Memory {
 public:
  // Takes over what malloc gave.
  explicit Memory(std::span<std::byte> bytes) : bytes_(bytes) {}
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  std::span<std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

class Callback;

struct Tables {
  Handles<Library> libraries{'h'};
  Handles<Symbol> symbols{'s'};
  Handles<Memory> memory{'m'};
  Handles<Callback> callbacks{'c'};
  Handles<const void*> pointers{'p'};
};

}  // namespace nearfar::helper
