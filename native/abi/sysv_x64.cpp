// System V AMD64: psABI 1.0, section 3.2.3 (parameter passing).
#if defined(__x86_64__) && !defined(_WIN32)

#include "abi/lowering.h"

namespace nearfar::abi {
namespace {

// A structure of class MEMORY passed by value: once the registers are used up, its bytes are the
// argument area itself, in one copy.
template <size_t kWords>
struct StackArea {
  uint64_t words[kWords];
};

struct SysvX64 {
  static constexpr RegisterFiles kFiles = {.gp_count = 6, .fp_count = 8, .packed_stack = false};

  template <typename R, bool kUsesFp, size_t kWords>
  static R invoke(void* target, const Registers& r) {
    using U = uint64_t;
    using D = double;
#define GP r.gp[0], r.gp[1], r.gp[2], r.gp[3], r.gp[4], r.gp[5]
#define FP fp(0), fp(1), fp(2), fp(3), fp(4), fp(5), fp(6), fp(7)
    [[maybe_unused]] const auto fp = [&r](size_t i) { return std::bit_cast<double>(r.fp[i]); };
    if constexpr (!kUsesFp) {
      static_assert(kWords == 0);
      return reinterpret_cast<R (*)(U, U, U, U, U, U)>(target)(GP);
    } else if constexpr (kWords == 0) {
      return reinterpret_cast<R (*)(U, U, U, U, U, U, D, D, D, D, D, D, D, D)>(target)(GP, FP);
    } else {
      using Stack = StackArea<kWords>;
      return reinterpret_cast<R (*)(U, U, U, U, U, U, D, D, D, D, D, D, D, D, Stack)>(target)(
          GP, FP, reinterpret_cast<const Stack&>(r.stack));
    }
#undef GP
#undef FP
  }
};

}  // namespace

const char* name() { return "sysv-x64"; }

Result<Plan> make_plan(const Signature& signature) {
  return plan_with_register_files<SysvX64>(signature);
}

}  // namespace nearfar::abi

#endif
