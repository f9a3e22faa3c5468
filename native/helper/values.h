#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "helper/ctype.h"
#include "helper/tables.h"

// Values between JSON and C's memory.
namespace nearfar::helper {

// What arguments point to, until the call has ended.
class Staging {
 public:
  explicit Staging(Tables& tables) : tables_(tables) {}

  Tables& tables() { return tables_; }

  // Zeroed memory, aligned for every type. Null if there is no more.
  std::byte* allocate(size_t size);

  // Keeps an object alive.
  void keep(std::shared_ptr<const void> object) { kept_.push_back(std::move(object)); }

  // Memory that C may change and the client wants to see afterwards.
  struct Output {
    size_t argument;    // Its index.
    const CType* type;  // Of each element; null for bytes.
    std::byte* at;
    size_t count;
    bool is_list;  // Written as JSON array.
  };
  std::vector<Output>& outputs() { return outputs_; }

  // The argument that is stored now.
  size_t argument = 0;

 private:
  Tables& tables_;
  std::vector<std::shared_ptr<const void>> kept_;
  std::vector<Output> outputs_;
};

// Writes a value to memory of its type's size. An integer of less than 8 bytes is sign- or
// zero-extended if `room` is 8. `where` begins the message of a failure.
Problem store(const json::Value& value, const CType& type, std::span<std::byte> room,
              Staging& staging, const std::string& where);

// Appends the value at `at` as JSON.
void load(std::string& out, const CType& type, const std::byte* at);

}  // namespace nearfar::helper
