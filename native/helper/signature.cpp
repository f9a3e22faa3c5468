#include "helper/signature.h"

#include <algorithm>
#include <cstdlib>

#include "helper/command.h"
#include "helper/number.h"
#include "helper/tables.h"

namespace nearfar::helper {
namespace {

CType word_type(const char* word) {
  json::Value value{.kind = json::Kind::kString, .text = word};
  return read_type(value, "").value();
}

Problem check_types(const Signature& signature) {
  const bool takes_array = std::any_of(signature.arguments.begin(), signature.arguments.end(),
                                       [](const CType& type) { return type.form == Form::kArray; });
  if (takes_array) {
    return Failure{FailureCode::kUnsupportedArguments,
                   "an array is passed by {\"pointer\": type}, not by value"};
  }
  const bool is_variadic = signature.fixed != abi::kNotVariadic;
  if (is_variadic && signature.fixed > signature.arguments.size()) {
    return Failure{FailureCode::kUnsupportedArguments,
                   "fixed must be an integer from 0 to " +
                       std::to_string(signature.arguments.size()) + ", got " +
                       std::to_string(signature.fixed)};
  }
  return {};
}

const char* inferred_word(const json::Value& argument) {
  switch (argument.kind) {
    case json::Kind::kBoolean:
      return "bool";
    case json::Kind::kNumber:
      if (to_signed(argument)) return "int64";
      return to_unsigned(argument) ? "uint64" : "double";
    case json::Kind::kString:
      return "string";
    case json::Kind::kNull:
    case json::Kind::kArray:
    case json::Kind::kObject:
      return "pointer";
  }
  return "pointer";
}

Outcome<std::vector<CType>> read_argument_types(const json::Value& list) {
  if (!list.is(json::Kind::kArray)) {
    return Failure{FailureCode::kTypeError,
                   std::string("arg_types must be an array, got ") + json::kind_name(list.kind)};
  }
  std::vector<CType> types;
  for (const json::Value& element : list.elements) {
    Outcome<CType> type = read_type(element, "arg_types[" + std::to_string(types.size()) + "]");
    if (!type) return type.failure();
    types.push_back(std::move(type.value()));
  }
  return types;
}

// Checks the types together and fills `plan` in. kUnsupportedArguments where the machine's calling
// convention cannot.
Problem lower(Signature& signature) {
  if (Problem problem = check_types(signature)) return problem;
  for (size_t index = signature.fixed; index < signature.arguments.size(); ++index) {
    promote(signature.arguments[index]);
  }
  std::vector<abi::Value> arguments;
  for (const CType& type : signature.arguments) arguments.push_back(to_abi_value(type));
  const abi::Value result = to_abi_value(signature.result);
  Result<abi::Plan> plan =
      abi::make_plan({.arguments = arguments, .result = result, .fixed = signature.fixed});
  if (!plan) {
    const Error& error = plan.error();
    return Failure{FailureCode::kUnsupportedArguments,
                   std::string(error_code_name(error.code)) + ": " + error.detail};
  }
  signature.plan = std::move(plan.value());
  return {};
}

// Replaces what `params` say otherwise.
Problem read_options(const Params& params, Signature& signature) {
  if (const json::Value* list = params.find("arg_types")) {
    Outcome<std::vector<CType>> types = read_argument_types(*list);
    if (!types) return types.failure();
    signature.arguments = std::move(types.value());
    signature.has_arguments = true;
  }
  if (params.find("fixed") != nullptr) {
    const Outcome<uint64_t> fixed = params.count("fixed");
    if (!fixed) return fixed.failure();
    signature.fixed = fixed.value();
  }
  if (params.find("errno") != nullptr) {
    const Outcome<bool> captures = params.flag("errno");
    if (!captures) return captures.failure();
    signature.captures_error = captures.value();
  }
  return {};
}

Problem read_result(const Params& params, Signature& signature) {
  const Outcome<const json::Value*> type = params.require("ret_type", "rtype");
  if (!type) return type.failure();
  Outcome<CType> result = read_type(*type.value(), "ret_type");
  if (!result) return result.failure();
  if (result.value().form == Form::kArray) {
    return Failure{FailureCode::kUnsupportedArguments, "a function returns no array"};
  }
  signature.result = std::move(result.value());
  return {};
}

// Who frees a returned string: nobody, C's `free`, or a function of the same library.
Problem read_release(const Params& params, const Library& library, Signature& signature) {
  const json::Value* release = params.find("free");
  if (release == nullptr) return {};
  if (signature.result.form != Form::kText) {
    return Failure{FailureCode::kUnsupportedArguments, "free is for returned strings"};
  }
  if (release->is(json::Kind::kBoolean)) {
    signature.release = release->boolean ? std::free : nullptr;
    return {};
  }
  const Outcome<std::string> name = params.text("free");
  if (!name) return Failure{FailureCode::kTypeError, "free must be true, false or a name"};
  const Result<void*> address = platform::find_symbol(library.handle(), name.value().c_str());
  if (!address) return Failure{FailureCode::kSymbolFailed, address.error().detail};
  signature.release = reinterpret_cast<Release>(address.value());
  return {};
}

}  // namespace

Outcome<Signature> read_signature(const Params& params, const Library& library) {
  Signature signature;
  if (Problem problem = read_result(params, signature)) return *problem;
  if (Problem problem = read_options(params, signature)) return *problem;
  if (Problem problem = read_release(params, library, signature)) return *problem;
  if (signature.has_arguments) {
    if (Problem problem = lower(signature)) return *problem;
  }
  return signature;
}

Outcome<Signature> read_call_signature(const Params& params, const Signature& declared,
                                       const json::Value& arguments) {
  Signature signature = declared;
  if (Problem problem = read_options(params, signature)) return *problem;
  if (!signature.has_arguments) {
    for (const json::Value& argument : arguments.elements) {
      signature.arguments.push_back(word_type(inferred_word(argument)));
    }
  }
  if (Problem problem = lower(signature)) return *problem;
  return signature;
}

Outcome<Signature> read_callback_signature(const Params& params) {
  Signature signature;
  if (Problem problem = read_result(params, signature)) return *problem;
  const Outcome<const json::Value*> list = params.require("arg_types");
  if (!list) return list.failure();
  if (Problem problem = read_options(params, signature)) return *problem;
  if (signature.fixed != abi::kNotVariadic) {
    return Failure{FailureCode::kUnsupportedArguments, "a callback cannot be variadic"};
  }
  if (Problem problem = lower(signature)) return *problem;
  return signature;
}

}  // namespace nearfar::helper
