#include "helper/pointer_values.h"

#include <cstring>

#include "helper/base64.h"
#include "helper/callback.h"
#include "helper/json/utf8.h"
#include "helper/json/write.h"
#include "helper/number.h"

namespace nearfar::helper {
namespace {

Failure mistyped(const std::string& where, const char* expected, const json::Value& value) {
  return {FailureCode::kTypeError,
          where + " must be " + expected + ", got " + json::kind_name(value.kind)};
}

Outcome<uint64_t> memory_address(const json::Value& marker, const json::Value& id, Staging& staging,
                                 const std::string& where) {
  const std::shared_ptr<Memory> memory = staging.tables().memory.find(id.text);
  if (memory == nullptr) {
    return Failure{FailureCode::kInvalidMemory, where + ": no memory has that id"};
  }
  const json::Value* offset = marker.find("offset");
  const std::optional<uint64_t> bytes = offset == nullptr ? 0 : to_unsigned(*offset);
  const size_t size = memory->bytes().size();
  if (!bytes || *bytes > size) {
    return Failure{FailureCode::kOutOfBounds,
                   where + ".offset must be an integer from 0 to " + std::to_string(size)};
  }
  staging.keep(memory);
  return reinterpret_cast<uintptr_t>(memory->bytes().data()) + *bytes;
}

Outcome<uint64_t> bytes_address(const json::Value& text, Staging& staging,
                                const std::string& where) {
  if (!text.is(json::Kind::kString)) return mistyped(where, "Base64", text);
  const std::optional<std::vector<std::byte>> bytes = from_base64(text.text);
  if (!bytes) return Failure{FailureCode::kInvalidBase64, where + " is not Base64"};
  std::byte* at = staging.allocate(bytes->size());
  if (at == nullptr) return Failure{FailureCode::kAllocationFailed, where + ": out of memory"};
  std::memcpy(at, bytes->data(), bytes->size());
  return reinterpret_cast<uintptr_t>(at);
}

Outcome<uint64_t> output_address(const json::Value& size, Staging& staging,
                                 const std::string& where) {
  const std::optional<uint64_t> bytes = to_unsigned(size);
  if (!bytes || *bytes > kMaxTypeBytes) {
    return Failure{FailureCode::kOutOfBounds, where + ".__out__ must be an integer from 0 to " +
                                                  std::to_string(kMaxTypeBytes)};
  }
  std::byte* at = staging.allocate(*bytes);
  if (at == nullptr) return Failure{FailureCode::kAllocationFailed, where + ": out of memory"};
  staging.outputs().push_back({staging.argument, nullptr, at, *bytes, false});
  return reinterpret_cast<uintptr_t>(at);
}

template <typename T, typename ToAddress>
Outcome<uint64_t> handle_address(const Handles<T>& handles, const json::Value& id, Staging& staging,
                                 const std::string& where, ToAddress to_address) {
  const std::shared_ptr<T> object = handles.find(id.text);
  if (object == nullptr) {
    return Failure{FailureCode::kInvalidSymbol, where + ": nothing has that id"};
  }
  staging.keep(object);
  return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(to_address(*object)));
}

Outcome<uint64_t> marked_address(const json::Value& marker, Staging& staging,
                                 const std::string& where) {
  Tables& tables = staging.tables();
  if (const json::Value* id = marker.find("__mem__")) {
    return memory_address(marker, *id, staging, where);
  }
  if (const json::Value* text = marker.find("__bytes__")) {
    return bytes_address(*text, staging, where);
  }
  if (const json::Value* size = marker.find("__out__")) {
    return output_address(*size, staging, where);
  }
  if (const json::Value* id = marker.find("__cb__")) {
    return handle_address(tables.callbacks, *id, staging, where,
                          [](const Callback& callback) { return callback.address(); });
  }
  if (const json::Value* id = marker.find("__sym__")) {
    return handle_address(tables.symbols, *id, staging, where,
                          [](const Symbol& symbol) { return symbol.address; });
  }
  if (const json::Value* id = marker.find("__ptrid__")) {
    return handle_address(tables.pointers, *id, staging, where,
                          [](const void* pointer) { return pointer; });
  }
  return mistyped(where, "an address", marker);
}

std::u32string to_code_points(std::string_view valid) {
  std::u32string points;
  for (size_t at = 0; at < valid.size();) {
    const auto byte = [&](size_t index) { return static_cast<uint8_t>(valid[at + index]); };
    const uint8_t first = byte(0);
    const size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? first : first & (0x7f >> length);
    for (size_t index = 1; index < length; ++index) point = point << 6 | (byte(index) & 0x3f);
    points += point;
    at += length;
  }
  return points;
}

// Little-endian characters of `unit` bytes, with the terminating zero.
std::string encode_wide(std::string_view valid, uint8_t unit) {
  std::string bytes;
  const auto append = [&bytes, unit](uint32_t character) {
    bytes.append(reinterpret_cast<const char*>(&character), unit);
  };
  for (const char32_t point : to_code_points(valid)) {
    if (unit == 4 || point < 0x10000) {
      append(point);
    } else {
      append(0xd800 + ((point - 0x10000) >> 10));
      append(0xdc00 + ((point - 0x10000) & 0x3ff));
    }
  }
  append(0);
  return bytes;
}

// UTF-8 of wide characters; what is none becomes U+FFFD.
std::string decode_wide(const std::byte* at, uint8_t unit) {
  std::string text;
  const auto next = [&at, unit] {
    uint32_t character = 0;
    std::memcpy(&character, at, unit);
    return character;
  };
  for (uint32_t character = next(); character != 0; character = next()) {
    at += unit;
    if (unit == 2 && character >= 0xd800 && character < 0xdc00) {
      const uint32_t low = next();
      if (low >= 0xdc00 && low < 0xe000) {
        at += unit;
        character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    const bool is_valid = character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
    json::append_utf8(text, is_valid ? character : 0xfffd);
  }
  return text;
}

}  // namespace

bool is_marker(const json::Value& value) {
  return value.is(json::Kind::kObject) && !value.members.empty() &&
         value.members[0].name.starts_with("__");
}

Outcome<uint64_t> to_address(const json::Value& value, Staging& staging, const std::string& where) {
  switch (value.kind) {
    case json::Kind::kNull:
      return uint64_t{0};
    case json::Kind::kNumber:
      if (const std::optional<uint64_t> address = to_unsigned(value)) return *address;
      return Failure{FailureCode::kTypeError,
                     where + " must be an address from 0 to 18446744073709551615"};
    case json::Kind::kObject:
      return marked_address(value, staging, where);
    case json::Kind::kBoolean:
    case json::Kind::kString:
    case json::Kind::kArray:
      break;
  }
  return mistyped(where, "an address", value);
}

Outcome<uint64_t> to_text_address(const json::Value& value, uint8_t unit, Staging& staging,
                                  const std::string& where) {
  if (!value.is(json::Kind::kString)) return to_address(value, staging, where);
  if (value.text.find('\0') != std::string::npos) {
    return Failure{FailureCode::kTypeError, where + " must not contain U+0000"};
  }
  const std::string encoded = unit == 1 ? value.text + '\0' : encode_wide(value.text, unit);
  std::byte* at = staging.allocate(encoded.size());
  if (at == nullptr) return Failure{FailureCode::kAllocationFailed, where + ": out of memory"};
  std::memcpy(at, encoded.data(), encoded.size());
  return reinterpret_cast<uintptr_t>(at);
}

void load_text(std::string& out, const void* text, uint8_t unit) {
  if (text == nullptr) {
    out += "null";
  } else if (unit == 1) {
    json::write_string(out, static_cast<const char*>(text));
  } else {
    json::write_string(out, decode_wide(static_cast<const std::byte*>(text), unit));
  }
}

}  // namespace nearfar::helper
