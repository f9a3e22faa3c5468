#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nearfar::helper {

// Ends every handle of this process, so that one of a helper that died is unknown to the next.
const std::string& handle_suffix();

// Objects by the names that the client has for them. A name is never given twice. Thread-safe; who
// has taken an object keeps it alive, whatever is removed meanwhile.
template <typename T>
class Handles {
 public:
  explicit Handles(char prefix) : prefix_(prefix) {}

  std::string add(std::shared_ptr<T> object) {
    const std::lock_guard lock(mutex_);
    std::string name = prefix_ + std::to_string(++last_) + handle_suffix();
    objects_.emplace(name, std::move(object));
    return name;
  }

  // Null for a name that nothing has.
  std::shared_ptr<T> find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(name);
    return found == objects_.end() ? nullptr : found->second;
  }

  // What had the name, or null.
  std::shared_ptr<T> remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto node = objects_.extract(name);
    return node.empty() ? nullptr : std::move(node.mapped());
  }

  template <typename Condition>
  void remove_if(Condition condition) {
    const std::lock_guard lock(mutex_);
    std::erase_if(objects_, [&](const auto& entry) { return condition(*entry.second); });
  }

  size_t size() const {
    const std::lock_guard lock(mutex_);
    return objects_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<T>> objects_;
  uint64_t last_ = 0;
  char prefix_;
};

}  // namespace nearfar::helper
