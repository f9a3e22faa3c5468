#pragma once

namespace nearfar::helper {

inline constexpr char kProtocolVersion[] = "1.0";

}  // namespace nearfar::helper
