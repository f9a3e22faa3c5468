// x64 on Windows: "x64 calling convention" in Microsoft's C++ documentation. Arguments are
// positional: the Nth goes to the Nth integer or the Nth floating register, four in all.
#if defined(__x86_64__) || defined(_M_X64)

#include <bit>

#include "abi/lowering.h"

#if defined(_WIN32)
#define NEARFAR_WIN64_CALL
#else
#define NEARFAR_WIN64_CALL __attribute__((ms_abi))
#endif

namespace nearfar::abi {
namespace {

constexpr size_t kPositions = 4;

// Called as variadic, a double after the named parameters is passed in the floating register and
// duplicated in the integer register of its position, so that one function type loads both files,
// whatever the callee reads. Only the first position, which is named, has to be of its own class.
template <typename R, typename First, size_t... kWord>
R invoke(void* target, const Registers& r, std::index_sequence<kWord...>) {
  using Function = R(NEARFAR_WIN64_CALL*)(First, ...);
  const auto position = [&r](size_t index) { return std::bit_cast<double>(r.gp[index]); };
  return reinterpret_cast<Function>(target)(std::bit_cast<First>(r.gp[0]), position(1), position(2),
                                            position(3), r.stack[kWord]...);
}

template <typename First, size_t kWords>
void execute_integer(void* target, Registers& r) {
  r.result_gp[0] = invoke<uint64_t, First>(target, r, std::make_index_sequence<kWords>{});
}

template <typename First, size_t kWords>
void execute_float(void* target, Registers& r) {
  r.result_fp[0] =
      std::bit_cast<uint64_t>(invoke<double, First>(target, r, std::make_index_sequence<kWords>{}));
}

using Executors = std::array<Executor, kStackSizes.size()>;

template <typename First, size_t... kIndex>
constexpr Executors with_stack(bool float_result, std::index_sequence<kIndex...>) {
  if (float_result) return {execute_float<First, kStackSizes[kIndex]>...};
  return {execute_integer<First, kStackSizes[kIndex]>...};
}

constexpr auto kStackIndexes = std::make_index_sequence<kStackSizes.size()>{};
// [float result][float first argument]
constexpr Executors kExecutors[2][2] = {
    {with_stack<uint64_t>(false, kStackIndexes), with_stack<double>(false, kStackIndexes)},
    {with_stack<uint64_t>(true, kStackIndexes), with_stack<double>(true, kStackIndexes)},
};

bool is_float(const Type& type) { return type.type_class == TypeClass::kFloat; }

}  // namespace

Result<Plan> win64::make_plan(const Signature& signature) {
  Plan plan;
  StackCursor stack(false);
  for (const Type* type : signature.arguments) {
    if (type->type_class == TypeClass::kVoid) {
      return Error{ErrorCode::kInvalidArgument, "an argument cannot be void"};
    }
    const size_t position = plan.arguments.size();
    plan.arguments.push_back(position < kPositions
                                 ? register_slot(offsetof(Registers, gp), position, *type)
                                 : stack.next(*type));
  }
  if (stack.words() > kMaxStackWords) {
    return Error{ErrorCode::kTooManyArguments, "the arguments need more than 512 stack words"};
  }
  const bool float_first = !signature.arguments.empty() && is_float(*signature.arguments[0]);
  plan.result_offset = result_offset(*signature.result);
  plan.execute =
      kExecutors[is_float(*signature.result)][float_first][stack_size_index(stack.words())];
  return plan;
}

#if defined(_WIN32)
const char* name() { return "win64"; }
Result<Plan> make_plan(const Signature& signature) { return win64::make_plan(signature); }
#endif

}  // namespace nearfar::abi

#endif
