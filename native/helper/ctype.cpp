#include "helper/ctype.h"

#include <algorithm>
#include <bit>

#include "helper/number.h"

namespace nearfar::helper {
namespace {

// What memory for a value has anyway: malloc's.
constexpr uint64_t kMaxAlignment = 16;

// No convention passes a larger aggregate in registers, and only such need leaves.
constexpr uint32_t kMaxBytesInRegisters = 64;

Failure unsupported(const std::string& where, const char* problem) {
  return {FailureCode::kUnsupportedArguments, where + " " + problem};
}

Failure malformed(const std::string& where, const char* expected) {
  return {FailureCode::kTypeError, where + " must be " + expected};
}

CType scalar_ctype(Form form, const Type* scalar, uint8_t unit = 0) {
  const uint32_t alignment = std::max<uint32_t>(scalar->size, 1);
  return {.form = form,
          .scalar = scalar,
          .size = scalar->size,
          .alignment = alignment,
          .natural_alignment = alignment,
          .unit = unit};
}

Outcome<CType> read_word(const std::string& word, const std::string& where) {
  const TypeWord* known = find_type_word(word);
  const Type* scalar = known == nullptr ? nullptr : find_type(known->scalar);
  if (scalar == nullptr) return unsupported(where, "is a type that is not known here");
  return scalar_ctype(known->form, scalar, known->unit);
}

Outcome<CType> read_member(const json::Value& value, const std::string& where) {
  Outcome<CType> type = read_type(value, where);
  if (type && type.value().form == Form::kVoid) return unsupported(where, "has no size");
  return type;
}

// Places a field at the end of a record. False if it gets too large.
bool place_field(CType& record, CField field, uint64_t packing) {
  CType& type = field.type;
  const uint64_t alignment = std::min<uint64_t>(type.alignment, packing);
  const uint64_t end = record.is_union ? 0 : record.size;
  const uint64_t offset = (end + alignment - 1) / alignment * alignment;
  if (offset + type.size > kMaxTypeBytes) return false;
  field.offset = static_cast<uint32_t>(offset);
  record.size = std::max(record.size, static_cast<uint32_t>(offset + type.size));
  record.alignment = std::max(record.alignment, static_cast<uint32_t>(alignment));
  record.fields.push_back(std::move(field));
  return true;
}

// An option of a record that is a power of two, or `fallback` where it is not given.
Outcome<uint64_t> read_alignment(const json::Value& description, const char* name,
                                 uint64_t fallback, const std::string& where) {
  const json::Value* option = description.find(name);
  if (option == nullptr) return fallback;
  const std::optional<uint64_t> number = to_unsigned(*option);
  if (number && std::has_single_bit(*number) && *number <= kMaxAlignment) return *number;
  return malformed(where + "." + name, "a power of two from 1 to 16");
}

Outcome<CType> read_record(const json::Value& description, const json::Value& fields, bool is_union,
                           const std::string& where) {
  if (!fields.is(json::Kind::kArray)) return malformed(where, "a list of [name, type]");
  const Outcome<uint64_t> packing = read_alignment(description, "packed", kMaxAlignment, where);
  if (!packing) return packing.failure();
  const Outcome<uint64_t> aligned = read_alignment(description, "aligned", 1, where);
  if (!aligned) return aligned.failure();
  CType record{.form = Form::kRecord, .is_union = is_union};
  for (const json::Value& pair : fields.elements) {
    const bool is_pair = pair.elements.size() == 2 && pair.elements[0].is(json::Kind::kString);
    if (!is_pair) return malformed(where, "a list of [name, type]");
    const std::string& name = pair.elements[0].text;
    Outcome<CType> type = read_member(pair.elements[1], where + "." + name);
    if (!type) return type.failure();
    const auto has_name = [&name](const CField& field) { return field.name == name; };
    if (std::any_of(record.fields.begin(), record.fields.end(), has_name)) {
      return malformed(where + "." + name, "the only field of its name");
    }
    if (!place_field(record, {name, std::move(type.value()), 0}, packing.value())) {
      return unsupported(where, "is larger than 1 GiB");
    }
  }
  if (record.fields.empty()) return unsupported(where, "has no fields");
  record.natural_alignment = record.alignment;
  record.alignment = std::max(record.alignment, static_cast<uint32_t>(aligned.value()));
  record.size = (record.size + record.alignment - 1) / record.alignment * record.alignment;
  return record;
}

Outcome<CType> read_array(const json::Value& pair, const std::string& where) {
  if (pair.elements.size() != 2) return malformed(where, "{\"array\": [type, length]}");
  Outcome<CType> element = read_member(pair.elements[0], where + "[]");
  if (!element) return element.failure();
  const std::optional<uint64_t> length = to_unsigned(pair.elements[1]);
  const uint64_t most = kMaxTypeBytes / std::max<uint32_t>(element.value().size, 1);
  if (!length || *length == 0 || *length > most) {
    return malformed(where, "an array of 1 element to 1 GiB");
  }
  const CType& type = element.value();
  CType array{.form = Form::kArray,
              .size = static_cast<uint32_t>(type.size * *length),
              .alignment = type.alignment,
              .natural_alignment = type.natural_alignment,
              .length = static_cast<uint32_t>(*length)};
  array.element = std::make_shared<CType>(std::move(element.value()));
  return array;
}

Outcome<CType> read_reference(const json::Value& target, bool is_written_back,
                              const std::string& where) {
  Outcome<CType> element = read_member(target, "*" + where);
  if (!element) return element.failure();
  CType reference = scalar_ctype(Form::kReference, find_type("pointer"));
  reference.is_written_back = is_written_back;
  reference.element = std::make_shared<CType>(std::move(element.value()));
  return reference;
}

void add_leaves(abi::Value& value, const CType& type, uint32_t at);

void add_fields(abi::Value& value, const CType& type, uint32_t at) {
  for (const CField& field : type.fields) add_leaves(value, field.type, at + field.offset);
}

void add_leaves(abi::Value& value, const CType& type, uint32_t at) {
  if (type.form == Form::kRecord) {
    const size_t index = value.inner.size();
    value.inner.push_back({value.leaves.size(), 0});
    add_fields(value, type, at);
    value.inner[index].end = value.leaves.size();
    if (value.inner[index].first == value.leaves.size()) value.inner.resize(index);
  } else if (type.form == Form::kArray) {
    for (uint32_t index = 0; index < type.length; ++index) {
      add_leaves(value, *type.element, at + index * type.element->size);
    }
  } else {
    value.leaves.push_back({type.scalar, at});
  }
}

}  // namespace

Outcome<CType> read_type(const json::Value& value, const std::string& where) {
  if (value.is(json::Kind::kString)) return read_word(value.text, where);
  if (!value.is(json::Kind::kObject)) return malformed(where, "a type");
  if (const json::Value* fields = value.find("struct")) {
    return read_record(value, *fields, false, where);
  }
  if (const json::Value* fields = value.find("union")) {
    return read_record(value, *fields, true, where);
  }
  if (const json::Value* pair = value.find("array")) return read_array(*pair, where);
  if (const json::Value* type = value.find("pointer")) return read_reference(*type, false, where);
  if (const json::Value* type = value.find("inout")) return read_reference(*type, true, where);
  return malformed(where, "a type");
}

abi::Value to_abi_value(const CType& type) {
  abi::Value value{.scalar = type.scalar,
                   .size = type.size,
                   .alignment = type.alignment,
                   .natural_alignment = type.natural_alignment};
  if (type.form == Form::kRecord && type.size <= kMaxBytesInRegisters) {
    add_fields(value, type, 0);
  }
  return value;
}

void promote(CType& type) {
  if (type.form == Form::kFloating && type.size == sizeof(float)) {
    type = scalar_ctype(Form::kFloating, find_type("float64"));
  } else if (type.form == Form::kInteger && type.size < sizeof(int)) {
    type = scalar_ctype(Form::kInteger, find_type("int32"));
  } else if (type.form == Form::kBoolean) {
    type = scalar_ctype(Form::kBoolean, find_type("int32"));
  }
}

}  // namespace nearfar::helper
