#pragma once

#include <optional>
#include <string>
#include <vector>

#include "abi/abi.h"
#include "helper/ctype.h"

namespace nearfar::helper {

// Gives a returned string back to who allocated it.
using Release = void (*)(void*);

// What a function takes and gives. Lowered once the arguments' types are known.
struct Signature {
  CType result;
  bool has_arguments = false;
  std::vector<CType> arguments;
  size_t fixed = abi::kNotVariadic;  // Of a variadic function: how many parameters it names.
  bool captures_error = false;
  Release release = nullptr;
  abi::Plan plan;
};

class Library;
class Params;

// Reads `ret_type`, `arg_types`, `fixed`, `errno` and `free`, and lowers it if the arguments are
// known. Of functions of `library`, `free` may name one.
Outcome<Signature> read_signature(const Params& params, const Library& library);

// Reads the parameters that a call has of its own, over those of its symbol.
Outcome<Signature> read_call_signature(const Params& params, const Signature& declared,
                                       const json::Value& arguments);

// `ret_type` and `arg_types` of a callback.
Outcome<Signature> read_callback_signature(const Params& params);

}  // namespace nearfar::helper
