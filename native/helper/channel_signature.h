#pragma once

#include <vector>

#include "abi/abi.h"
#include "helper/failure.h"
#include "helper/json/value.h"

namespace nearfar::helper {

// Types as the client's call engine has them: NativeValue in src/internal/binding.ts.
struct ChannelTypes {
  abi::Value result;
  std::vector<abi::Value> arguments;
};

// Reads the result's type and then those of the arguments. kTypeError if the list is none.
Outcome<ChannelTypes> read_channel_types(const json::Value& list);

}  // namespace nearfar::helper
