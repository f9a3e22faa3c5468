#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nearfar::helper::json {

// How many bytes of the start are whole, valid UTF-8 sequences (Unicode 15, table 3-7).
size_t valid_utf8_length(std::string_view bytes);

void append_utf8(std::string& out, char32_t code_point);

}  // namespace nearfar::helper::json
