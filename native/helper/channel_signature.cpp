#include "helper/channel_signature.h"

#include <bit>
#include <optional>
#include <utility>

#include "core/types.h"
#include "helper/number.h"

namespace nearfar::helper {
namespace {

// As in addon/signature.cpp.
constexpr uint32_t kMaxAlignment = 1u << 16;

std::optional<uint32_t> to_uint32(const json::Value& value) {
  const std::optional<uint64_t> number = to_unsigned(value);
  if (!number || *number > UINT32_MAX) return {};
  return static_cast<uint32_t>(*number);
}

std::optional<uint32_t> to_alignment(const json::Value& value) {
  const std::optional<uint32_t> number = to_uint32(value);
  if (!number || !std::has_single_bit(*number) || *number > kMaxAlignment) return {};
  return number;
}

const Type* to_scalar(const json::Value& value) {
  return value.is(json::Kind::kString) ? find_type(value.text) : nullptr;
}

// [size, alignment, natural alignment, name, offset, name, offset, ...]; before the leaves of an
// aggregate inside, "aggregate" and how many they are.
std::optional<abi::Value> to_aggregate(const std::vector<json::Value>& parts) {
  constexpr size_t kHeader = 3;
  if (parts.size() < kHeader || parts.size() % 2 == 0) return {};
  const std::optional<uint32_t> size = to_uint32(parts[0]);
  const std::optional<uint32_t> alignment = to_alignment(parts[1]);
  const std::optional<uint32_t> natural = to_alignment(parts[2]);
  if (!size || !alignment || !natural) return {};
  abi::Value value{.size = *size, .alignment = *alignment, .natural_alignment = *natural};
  for (size_t index = kHeader; index < parts.size(); index += 2) {
    const std::optional<uint32_t> offset = to_uint32(parts[index + 1]);
    if (offset && parts[index].is(json::Kind::kString) &&
        parts[index].text == abi::kInnerAggregate) {
      value.inner.push_back({value.leaves.size(), value.leaves.size() + *offset});
      continue;
    }
    const Type* const type = to_scalar(parts[index]);
    if (type == nullptr || !offset || type->size == 0 || type->size > *size ||
        *offset > *size - type->size) {
      return {};
    }
    value.leaves.push_back({type, *offset});
  }
  return value;
}

std::optional<abi::Value> to_value(const json::Value& value) {
  if (value.is(json::Kind::kArray)) return to_aggregate(value.elements);
  const Type* const type = to_scalar(value);
  if (type == nullptr) return {};
  return abi::Value{.scalar = type, .size = type->size, .alignment = type->size};
}

}  // namespace

Outcome<ChannelTypes> read_channel_types(const json::Value& list) {
  ChannelTypes types;
  for (size_t index = 0; index < list.elements.size(); ++index) {
    std::optional<abi::Value> value = to_value(list.elements[index]);
    if (!value) {
      return Failure{FailureCode::kTypeError, "types[" + std::to_string(index) + "] is no type"};
    }
    if (index == 0)
      types.result = std::move(*value);
    else
      types.arguments.push_back(std::move(*value));
  }
  if (!list.elements.empty()) return types;
  return Failure{FailureCode::kTypeError, "types must be an array that begins with the result's"};
}

}  // namespace nearfar::helper
