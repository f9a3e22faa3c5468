#include "helper/values.h"

#include <cstdlib>
#include <cstring>

#include "helper/json/write.h"
#include "helper/number.h"
#include "helper/pointer_values.h"

namespace nearfar::helper {
namespace {

Failure expected(const std::string& where, const std::string& what, const json::Value& value) {
  // What strings contain is nobody's business.
  const std::string got =
      value.is(json::Kind::kNumber) ? value.text.substr(0, 32) : json::kind_name(value.kind);
  return {FailureCode::kTypeError, where + " must be " + what + ", got " + got};
}

std::string integer_range(const CType& type) {
  const unsigned bits = type.size * 8;
  const uint64_t all = bits == 64 ? UINT64_MAX : (uint64_t{1} << bits) - 1;
  if (!type.scalar->is_signed) return "an integer from 0 to " + std::to_string(all);
  return "an integer from -" + std::to_string(all / 2 + 1) + " to " + std::to_string(all / 2);
}

// The integer's bits, extended to 64.
std::optional<uint64_t> integer_bits(const json::Value& value, const CType& type) {
  const unsigned unused = 64 - type.size * 8;
  if (!type.scalar->is_signed) {
    const std::optional<uint64_t> number = to_unsigned(value);
    return number && *number <= UINT64_MAX >> unused ? number : std::nullopt;
  }
  const std::optional<int64_t> number = to_signed(value);
  const bool fits = number && *number <= INT64_MAX >> unused && *number >= INT64_MIN >> unused;
  if (!fits) return {};
  return static_cast<uint64_t>(*number);
}

// Copies as much of the extended bits as there is room for: the order of bytes is little-endian.
void store_bits(uint64_t bits, const CType& type, std::span<std::byte> room) {
  const size_t count = room.size() >= sizeof bits ? sizeof bits : type.size;
  std::memcpy(room.data(), &bits, count);
}

Problem store_boolean(const json::Value& value, const CType& type, std::span<std::byte> room,
                      const std::string& where) {
  const std::optional<uint64_t> number = to_unsigned(value);
  if (!value.is(json::Kind::kBoolean) && !(number && *number <= 1)) {
    return expected(where, "true or false", value);
  }
  store_bits(value.boolean || number == 1, type, room);
  return {};
}

template <typename T>
Problem store_as(std::optional<T> number, const json::Value& value, std::span<std::byte> room,
                 const std::string& where) {
  if (!number) return expected(where, "a number that its type holds", value);
  // Of a long double, the bytes past the tenth are padding.
  std::memcpy(room.data(), &*number, sizeof *number);
  return {};
}

Problem store_floating(const json::Value& value, const CType& type, std::span<std::byte> room,
                       const std::string& where) {
  if (type.size == sizeof(float)) return store_as(to_float(value), value, room, where);
  if (type.size == sizeof(double)) return store_as(to_double(value), value, room, where);
  return store_as(to_long_double(value), value, room, where);
}

Problem store_record(const json::Value& value, const CType& type, std::span<std::byte> room,
                     Staging& staging, const std::string& where) {
  if (!value.is(json::Kind::kObject)) return expected(where, "an object", value);
  if (type.is_union && value.members.size() != 1) {
    return Failure{FailureCode::kTypeError, where + " must name one member of the union"};
  }
  std::memset(room.data(), 0, type.size);
  for (const json::Member& member : value.members) {
    const CField* field = nullptr;
    for (const CField& candidate : type.fields) {
      if (candidate.name == member.name) field = &candidate;
    }
    if (field == nullptr) {
      return Failure{FailureCode::kTypeError, where + " has no field \"" + member.name + "\""};
    }
    const std::span<std::byte> part = room.subspan(field->offset, field->type.size);
    if (Problem problem =
            store(member.value, field->type, part, staging, where + "." + member.name)) {
      return problem;
    }
  }
  return {};
}

Problem store_elements(const json::Value& list, const CType& element, std::span<std::byte> room,
                       Staging& staging, const std::string& where) {
  for (size_t index = 0; index < list.elements.size(); ++index) {
    const std::span<std::byte> part = room.subspan(index * element.size, element.size);
    const std::string name = where + "[" + std::to_string(index) + "]";
    if (Problem problem = store(list.elements[index], element, part, staging, name)) {
      return problem;
    }
  }
  return {};
}

Problem store_array(const json::Value& value, const CType& type, std::span<std::byte> room,
                    Staging& staging, const std::string& where) {
  if (!value.is(json::Kind::kArray) || value.elements.size() != type.length) {
    return expected(where, "an array of " + std::to_string(type.length), value);
  }
  return store_elements(value, *type.element, room, staging, where);
}

// A list is a C array, anything else one value.
Problem store_reference(const json::Value& value, const CType& type, std::span<std::byte> room,
                        Staging& staging, const std::string& where) {
  const CType& element = *type.element;
  const bool is_list = value.is(json::Kind::kArray) && element.form != Form::kArray;
  const bool is_address = value.is(json::Kind::kNull) || is_marker(value);
  if (is_address) {
    const Outcome<uint64_t> address = to_address(value, staging, where);
    if (!address) return address.failure();
    store_bits(address.value(), type, room);
    return {};
  }
  const size_t count = is_list ? value.elements.size() : 1;
  if (count > kMaxTypeBytes / std::max<uint32_t>(element.size, 1)) {
    return Failure{FailureCode::kOutOfBounds, where + " is larger than 1 GiB"};
  }
  const size_t bytes = count * element.size;
  std::byte* at = staging.allocate(bytes);
  if (at == nullptr) return Failure{FailureCode::kAllocationFailed, where + ": out of memory"};
  const std::span<std::byte> target(at, bytes);
  Problem problem = is_list ? store_elements(value, element, target, staging, where)
                            : store(value, element, target, staging, where);
  if (problem) return problem;
  if (type.is_written_back) {
    staging.outputs().push_back({staging.argument, &element, at, count, is_list});
  }
  store_bits(reinterpret_cast<uintptr_t>(at), type, room);
  return {};
}

uint64_t load_bits(const CType& type, const std::byte* at) {
  uint64_t bits = 0;
  std::memcpy(&bits, at, type.size);
  const unsigned unused = 64 - type.size * 8;
  if (!type.scalar->is_signed) return bits;
  return static_cast<uint64_t>(static_cast<int64_t>(bits << unused) >> unused);
}

void load_floating(std::string& out, const CType& type, const std::byte* at) {
  if (type.size == sizeof(float)) {
    float number;
    std::memcpy(&number, at, sizeof number);
    json::write_float(out, number);
  } else if (type.size == sizeof(double)) {
    double number;
    std::memcpy(&number, at, sizeof number);
    json::write_double(out, number);
  } else {
    long double number;
    std::memcpy(&number, at, sizeof number);
    json::write_long_double(out, number);
  }
}

void load_record(std::string& out, const CType& type, const std::byte* at) {
  out += '{';
  for (const CField& field : type.fields) {
    json::write_name(out, field.name);
    load(out, field.type, at + field.offset);
  }
  out += '}';
}

void load_array(std::string& out, const CType& type, const std::byte* at) {
  out += '[';
  for (uint32_t index = 0; index < type.length; ++index) {
    if (index > 0) out += ',';
    load(out, *type.element, at + index * type.element->size);
  }
  out += ']';
}

}  // namespace

std::byte* Staging::allocate(size_t size) {
  void* memory = std::calloc(1, size == 0 ? 1 : size);
  if (memory != nullptr) keep(std::shared_ptr<void>(memory, std::free));
  return static_cast<std::byte*>(memory);
}

Problem store(const json::Value& value, const CType& type, std::span<std::byte> room,
              Staging& staging, const std::string& where) {
  switch (type.form) {
    case Form::kVoid:
      return Failure{FailureCode::kUnsupportedArguments, where + " is void"};
    case Form::kBoolean:
      return store_boolean(value, type, room, where);
    case Form::kInteger: {
      const std::optional<uint64_t> bits = integer_bits(value, type);
      if (!bits) return expected(where, integer_range(type), value);
      store_bits(*bits, type, room);
      return {};
    }
    case Form::kFloating:
      return store_floating(value, type, room, where);
    case Form::kPointer:
    case Form::kText: {
      const bool is_text = type.form == Form::kText || value.is(json::Kind::kString);
      const Outcome<uint64_t> address =
          is_text ? to_text_address(value, type.unit == 0 ? 1 : type.unit, staging, where)
                  : to_address(value, staging, where);
      if (!address) return address.failure();
      store_bits(address.value(), type, room);
      return {};
    }
    case Form::kReference:
      return store_reference(value, type, room, staging, where);
    case Form::kRecord:
      return store_record(value, type, room, staging, where);
    case Form::kArray:
      return store_array(value, type, room, staging, where);
  }
  return {};
}

void load(std::string& out, const CType& type, const std::byte* at) {
  switch (type.form) {
    case Form::kVoid:
      out += "null";
      return;
    case Form::kBoolean:
      out += load_bits(type, at) != 0 ? "true" : "false";
      return;
    case Form::kInteger:
      if (type.scalar->is_signed) {
        json::write_integer(out, static_cast<int64_t>(load_bits(type, at)));
      } else {
        json::write_unsigned(out, load_bits(type, at));
      }
      return;
    case Form::kFloating:
      return load_floating(out, type, at);
    case Form::kPointer:
    case Form::kReference: {
      const uint64_t address = load_bits(type, at);
      if (address == 0) {
        out += "null";
      } else {
        json::write_unsigned(out, address);
      }
      return;
    }
    case Form::kText:
      return load_text(out, reinterpret_cast<const void*>(load_bits(type, at)), type.unit);
    case Form::kRecord:
      return load_record(out, type, at);
    case Form::kArray:
      return load_array(out, type, at);
  }
}

}  // namespace nearfar::helper
