// AArch64: AAPCS64 (2024Q3), section 6.8.2, and Apple's variant of it, which packs stack arguments
// to their natural size ("Writing ARM64 code for Apple platforms").
#if defined(__aarch64__) || defined(_M_ARM64)

#include "abi/lowering.h"

namespace nearfar::abi {
namespace {

#ifdef __APPLE__
constexpr bool kPackedStack = true;
#else
constexpr bool kPackedStack = false;
#endif

template <size_t>
using Word = uint64_t;

// A large structure travels by reference here, so stack words are arguments of their own.
template <typename R, size_t... kWord>
R invoke_with_stack(void* target, const Registers& r, std::index_sequence<kWord...>) {
  using U = uint64_t;
  using D = double;
  const auto fp = [&r](size_t i) { return std::bit_cast<double>(r.fp[i]); };
  return reinterpret_cast<R (*)(U, U, U, U, U, U, U, U, D, D, D, D, D, D, D, D, Word<kWord>...)>(
      target)(r.gp[0], r.gp[1], r.gp[2], r.gp[3], r.gp[4], r.gp[5], r.gp[6], r.gp[7], fp(0), fp(1),
              fp(2), fp(3), fp(4), fp(5), fp(6), fp(7), r.stack[kWord]...);
}

struct Aapcs64 {
  static constexpr RegisterFiles kFiles = {
      .gp_count = 8, .fp_count = 8, .packed_stack = kPackedStack};

  template <typename R, bool kUsesFp, size_t kWords>
  static R invoke(void* target, const Registers& r) {
    using U = uint64_t;
    if constexpr (!kUsesFp) {
      static_assert(kWords == 0);
      return reinterpret_cast<R (*)(U, U, U, U, U, U, U, U)>(target)(
          r.gp[0], r.gp[1], r.gp[2], r.gp[3], r.gp[4], r.gp[5], r.gp[6], r.gp[7]);
    } else {
      return invoke_with_stack<R>(target, r, std::make_index_sequence<kWords>{});
    }
  }
};

}  // namespace

const char* name() { return "aapcs64"; }

Result<Plan> make_plan(const Signature& signature) {
  return plan_with_register_files<Aapcs64>(signature);
}

}  // namespace nearfar::abi

#endif
