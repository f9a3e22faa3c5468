#pragma once

#include "helper/values.h"

namespace nearfar::helper {

// The address that an argument stands for: null, an integer, or a marker:
//   {"__mem__": id, "offset": n}   memory of the client
//   {"__cb__": id}                 a callback
//   {"__sym__": id}                a symbol
//   {"__ptrid__": id}              a pointer that a call gave in compatibility mode
//   {"__bytes__": base64}          a copy of these bytes, for this call
//   {"__out__": n}                 n zeroed bytes, which the answer tells as C left them
Outcome<uint64_t> to_address(const json::Value& value, Staging& staging, const std::string& where);

// Whether it is one of the markers.
bool is_marker(const json::Value& value);

// Text in characters of `unit` bytes with its terminating zero, for this call.
Outcome<uint64_t> to_text_address(const json::Value& value, uint8_t unit, Staging& staging,
                                  const std::string& where);

// Appends text as JSON string, or null.
void load_text(std::string& out, const void* text, uint8_t unit);

}  // namespace nearfar::helper
