#pragma once

#include <node_api.h>

#include <optional>
#include <vector>

#include "abi/abi.h"

// Signatures between JavaScript and the calling conventions: NativeValue and `slots` of
// src/internal/binding.ts.
namespace nearfar::addon {

struct SignatureTypes {
  abi::Value result;
  std::vector<abi::Value> arguments;
};

// Reads [result, ...arguments]. Empty leaves an exception: a type that does not exist here, or an
// aggregate whose scalars lie outside of it.
std::optional<SignatureTypes> to_signature_types(napi_env env, napi_value types);

// Where the result and the arguments lie in the frame, as a flat array. Null leaves an exception.
napi_value make_slots(napi_env env, const abi::Plan& plan);

}  // namespace nearfar::addon
