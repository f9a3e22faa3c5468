#include "addon/signature.h"

#include <bit>
#include <string>
#include <utility>

#include "addon/environment.h"
#include "napi/napi.h"

namespace nearfar::addon {
namespace {

// GCC's largest on the smallest of its targets; far more than a convention passes by value.
constexpr uint32_t kMaxAlignment = 1u << 16;

std::nullopt_t refuse(napi_env env, ErrorCode code, const char* detail) {
  napi::throw_error(env, code, detail);
  return std::nullopt;
}

const Type* to_scalar(napi_env env, const std::string& name) {
  const Type* type = find_type(name);
  if (type == nullptr) napi::throw_error(env, ErrorCode::kUnknownType, name.c_str());
  return type;
}

napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value = nullptr;
  return napi::check(env, napi_get_element(env, array, index, &value)) ? value : nullptr;
}

std::optional<uint32_t> element_number(napi_env env, napi_value array, uint32_t index) {
  napi_value value = element(env, array, index);
  if (value == nullptr) return {};
  return napi::to_uint32(env, value);
}

bool is_alignment(uint32_t number) {
  return std::has_single_bit(number) && number <= kMaxAlignment;
}

// [size, alignment, natural alignment, name, offset, name, offset, ...]; before the leaves of an
// aggregate inside, "aggregate" and how many they are.
std::optional<abi::Value> to_aggregate(napi_env env, napi_value array, uint32_t length) {
  const std::optional<uint32_t> size = element_number(env, array, 0);
  if (!size) return {};
  const std::optional<uint32_t> alignment = element_number(env, array, 1);
  if (!alignment) return {};
  const std::optional<uint32_t> natural = element_number(env, array, 2);
  if (!natural) return {};
  if (!is_alignment(*alignment) || !is_alignment(*natural) || length % 2 == 0) {
    return refuse(env, ErrorCode::kInvalidArgument, "the description of an aggregate");
  }
  abi::Value value{.size = *size, .alignment = *alignment, .natural_alignment = *natural};
  for (uint32_t index = 3; index < length; index += 2) {
    napi_value name = element(env, array, index);
    if (name == nullptr) return {};
    const std::optional<std::string> text = napi::to_string(env, name);
    if (!text) return {};
    const std::optional<uint32_t> offset = element_number(env, array, index + 1);
    if (!offset) return {};
    if (*text == abi::kInnerAggregate) {
      value.inner.push_back({value.leaves.size(), value.leaves.size() + *offset});
      continue;
    }
    const Type* type = to_scalar(env, *text);
    if (type == nullptr) return {};
    if (type->size == 0 || type->size > *size || *offset > *size - type->size) {
      return refuse(env, ErrorCode::kInvalidArgument, "a scalar outside of its aggregate");
    }
    value.leaves.push_back({type, *offset});
  }
  return value;
}

std::optional<abi::Value> to_value(napi_env env, napi_value value) {
  bool is_array = false;
  if (!napi::check(env, napi_is_array(env, value, &is_array))) return {};
  if (is_array) {
    uint32_t length = 0;
    if (!napi::check(env, napi_get_array_length(env, value, &length))) return {};
    return to_aggregate(env, value, length);
  }
  const std::optional<std::string> name = napi::to_string(env, value);
  if (!name) return {};
  const Type* type = to_scalar(env, *name);
  if (type == nullptr) return {};
  return abi::Value{.scalar = type, .size = type->size, .alignment = type->size};
}

// The number of pieces, whether by reference, and three numbers for each piece.
bool append_placement(napi_env env, napi_value slots, const abi::Placement& placement) {
  const auto append = [&](size_t number) {
    return napi::append(env, slots, napi::from_double(env, static_cast<double>(number)));
  };
  if (!append(placement.pieces.size()) || !append(placement.by_reference ? 1 : 0)) return false;
  for (const abi::Piece& piece : placement.pieces) {
    if (!append(piece.from) || !append(piece.size) ||
        !append(offsetof(Frame, registers) + piece.offset)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<SignatureTypes> to_signature_types(napi_env env, napi_value types) {
  uint32_t count = 0;
  if (!napi::check(env, napi_get_array_length(env, types, &count))) return {};
  if (count == 0) return refuse(env, ErrorCode::kInvalidArgument, "a signature needs a result");
  SignatureTypes signature;
  for (uint32_t index = 0; index < count; ++index) {
    napi_value type = element(env, types, index);
    if (type == nullptr) return {};
    std::optional<abi::Value> value = to_value(env, type);
    if (!value) return {};
    if (index == 0) {
      signature.result = std::move(*value);
    } else {
      signature.arguments.push_back(std::move(*value));
    }
  }
  return signature;
}

napi_value make_slots(napi_env env, const abi::Plan& plan) {
  napi_value slots = napi::make_array(env);
  if (slots == nullptr || !append_placement(env, slots, plan.result)) return nullptr;
  for (const abi::Placement& placement : plan.arguments) {
    if (!append_placement(env, slots, placement)) return nullptr;
  }
  return slots;
}

}  // namespace nearfar::addon
