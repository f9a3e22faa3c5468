#include "values.h"

namespace test {
namespace {

// Bytes of a scalar that carry its value.
size_t significant(const Type& type) {
  return type.type_class == nearfar::TypeClass::kExtended ? 10 : type.size;
}

uint64_t scramble(uint64_t seed) {  // splitmix64
  seed += 0x9e3779b97f4a7c15u;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9u;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111ebu;
  return seed ^ seed >> 31;
}

}  // namespace

std::vector<Leaf> scalars_of(const Value& value) {
  if (value.scalar != nullptr) return {{value.scalar, 0}};
  std::vector<Leaf> leaves = value.leaves;
  if (leaves.empty()) {
    for (uint32_t at = 0; at < value.size; ++at) leaves.push_back({find_type("uint8"), at});
  }
  return leaves;
}

void make_bytes(const Value& value, uint64_t seed, std::byte* bytes) {
  for (const Leaf& leaf : scalars_of(value)) {
    seed = scramble(seed);
    if (leaf.type->type_class == nearfar::TypeClass::kExtended) {
      const long double number = static_cast<long double>(seed) / 3;
      std::memcpy(bytes + leaf.offset, &number, significant(*leaf.type));
    } else {
      const uint64_t bits = leaf.type == find_type("bool") ? seed & 1 : seed;
      std::memcpy(bytes + leaf.offset, &bits, leaf.type->size);
    }
  }
}

uint64_t digest(const Value& value, const void* memory, uint64_t start) {
  const auto* bytes = static_cast<const uint8_t*>(memory);
  for (const Leaf& leaf : scalars_of(value)) {
    for (size_t at = 0; at < significant(*leaf.type); ++at) {
      start = (start ^ bytes[leaf.offset + at]) * 1099511628211u;  // FNV-1a
    }
  }
  return start;
}

}  // namespace test
