#include "agreement.h"

// Aggregates by value, in every place that registers and stack have for them.
using test::agrees;
using test::members_at;

namespace {

template <typename A>
struct One {
  A a;
  static auto members() { return members_at<A>(offsetof(One, a)); }
};
template <typename A, typename B>
struct Two {
  A a;
  B b;
  static auto members() { return members_at<A, B>(offsetof(Two, a), offsetof(Two, b)); }
};
template <typename A, typename B, typename C>
struct Three {
  A a;
  B b;
  C c;
  static auto members() {
    return members_at<A, B, C>(offsetof(Three, a), offsetof(Three, b), offsetof(Three, c));
  }
};
template <typename A, typename B>
struct __attribute__((packed)) Packed {
  A a;
  B b;
  static auto members() { return members_at<A, B>(offsetof(Packed, a), offsetof(Packed, b)); }
};
template <typename A, typename B>
union Either {
  A a;
  B b;
  static auto members() { return members_at<A, B>(0, 0); }
};
template <size_t kAlignment, typename A>
struct alignas(kAlignment) Aligned {
  static constexpr uint32_t kNaturalAlignment = alignof(A);
  A a;
  static auto members() { return members_at<A>(0); }
};
template <size_t kAlignment, typename A, typename B>
struct AlignedMember {
  alignas(kAlignment) A a;
  B b;
  static auto members() {
    return members_at<A, B>(offsetof(AlignedMember, a), offsetof(AlignedMember, b));
  }
};
// More than 64 bytes: none of its scalars matters.
struct Large {
  uint64_t words[25];
  static test::Members members() { return {}; }
};

// S as a result, and behind more and more of its kind until the registers are used up; then others.
template <typename S>
void everywhere() {
  using I = int32_t;
  using D = double;
  CHECK((agrees<S, I, S, D, S, float>()));
  CHECK((agrees<S, I, I, I, I, I, S, S, I, D, uint64_t>()));
  CHECK((agrees<D, D, D, D, D, D, D, D, S, S, float, I, S>()));
}

template <typename A>
void beginning_with() {
  everywhere<One<A>>();
  everywhere<Two<A, int16_t>>();
  everywhere<Two<A, float>>();
  everywhere<Two<A, double>>();
  everywhere<Three<A, int32_t, float>>();
  everywhere<Three<A, float, int8_t>>();
  everywhere<Three<A, float, float>>();
}

// With up to three scalars, the classes of each eightbyte mixed.
void structs_of_scalars_agree_with_the_compiler() {
  beginning_with<int8_t>();
  beginning_with<int32_t>();
  beginning_with<uint64_t>();
  beginning_with<float>();
  beginning_with<double>();
  everywhere<Three<bool, void*, int8_t>>();
}

template <size_t... kSize>
void bytes() {
  (everywhere<One<uint8_t[kSize]>>(), ...);
}

void arrays_agree_with_the_compiler() {
  bytes<1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17>();
  everywhere<One<uint16_t[5]>>();
  everywhere<One<float[2]>>();
  everywhere<One<float[3]>>();
  everywhere<One<float[4]>>();
  everywhere<One<float[5]>>();
  everywhere<One<double[2]>>();
  everywhere<One<double[3]>>();
  everywhere<One<double[4]>>();
  everywhere<One<double[5]>>();
  everywhere<One<uint64_t[8]>>();
  everywhere<Large>();
}

void nested_aggregates_agree_with_the_compiler() {
  everywhere<Two<One<float>, Two<float, float>>>();
  everywhere<Two<Two<int8_t, float>, float>>();
  everywhere<Three<One<double>, One<float>, int32_t>>();
  everywhere<Two<Two<double, double>[2], int8_t>>();
}

void unions_agree_with_the_compiler() {
  everywhere<Either<float, int32_t>>();
  everywhere<Either<double, uint64_t>>();
  everywhere<Either<double, float[2]>>();
  everywhere<Either<float, float[3]>>();
  everywhere<Either<double[2], double[4]>>();
  everywhere<Either<float[4], int8_t>>();
  everywhere<Either<Two<float, double>, int32_t>>();
  everywhere<Either<double, uint8_t[12]>>();
  everywhere<Two<Either<float, int8_t>, double>>();
}

void packed_and_aligned_structs_agree_with_the_compiler() {
  everywhere<Packed<int8_t, int64_t>>();
  everywhere<Packed<int32_t, float>>();
  everywhere<Packed<float, double>>();
  everywhere<Packed<uint64_t, uint8_t>>();
  everywhere<Packed<float, float>>();
  everywhere<Aligned<16, int64_t>>();
  everywhere<Aligned<16, double>>();
  everywhere<Aligned<16, uint64_t[2]>>();
  everywhere<Aligned<16, float[4]>>();
  everywhere<Aligned<32, uint64_t>>();
  everywhere<Aligned<64, double[3]>>();
}

// Other than one of the whole, the alignment of a member counts on AArch64.
void structs_with_aligned_members_agree_with_the_compiler() {
  everywhere<AlignedMember<16, int64_t, int64_t>>();
  everywhere<AlignedMember<16, int32_t, float>>();
  everywhere<AlignedMember<16, float, float>>();
  everywhere<AlignedMember<16, double, double>>();
  everywhere<AlignedMember<32, int64_t, int64_t>>();
  everywhere<Either<Aligned<16, int8_t>, double>>();
  everywhere<Two<Aligned<16, uint64_t>, int32_t>>();
}

#if defined(NEARFAR_HAS_EXTENDED)
void aggregates_of_long_double_agree_with_the_compiler() {
  everywhere<One<long double>>();
  everywhere<Two<long double, int8_t>>();
  everywhere<Two<float, long double>>();
  everywhere<Either<long double, int8_t>>();
  everywhere<Either<long double, double>>();
  everywhere<Either<long double, long double>>();
  everywhere<Either<long double, int64_t[2]>>();
}

// A union inside is in memory, or in integer registers, before its bytes meet others'.
void unions_of_long_double_inside_of_others_agree_with_the_compiler() {
  everywhere<Either<Two<void*, int8_t>, Either<long double, uint8_t>>>();
  everywhere<Either<int64_t[2], Either<long double, double>>>();
  everywhere<Either<double, Either<long double, int64_t[2]>>>();
  everywhere<One<Either<long double, int64_t[2]>>>();
  everywhere<Either<One<One<long double>>, double>>();
  everywhere<Either<Either<One<long double>, One<int64_t[2]>>[1], float>>();
}
#endif

// A structure without members, an extension of GNU C: it takes no place.
struct Empty {
  int32_t none[0];
  static test::Members members() { return {}; }
};
static_assert(sizeof(Empty) == 0);

void empty_structs_agree_with_the_compiler() {
  CHECK((agrees<Empty, Empty>()));
  CHECK((agrees<double, Empty, int32_t, Empty, double>()));
  CHECK((agrees<int32_t, int32_t, int32_t, int32_t, Empty, int32_t, int32_t, int32_t, int32_t,
                Empty, int8_t>()));
}

void an_alignment_beyond_64_is_refused_on_the_stack() {
  const std::vector<test::Value> arguments = {test::describe<Aligned<128, int32_t>>()};
  const auto plan = nearfar::abi::make_plan({arguments, test::describe<void>()});
#if defined(__x86_64__) && !defined(_WIN32)
  CHECK(!plan && plan.error().code == nearfar::ErrorCode::kNotSupported);
#else
  CHECK(bool(plan));  // It goes by reference.
#endif
}

}  // namespace

void test_aggregates() {
  structs_of_scalars_agree_with_the_compiler();
  arrays_agree_with_the_compiler();
  nested_aggregates_agree_with_the_compiler();
  unions_agree_with_the_compiler();
  packed_and_aligned_structs_agree_with_the_compiler();
  structs_with_aligned_members_agree_with_the_compiler();
#if defined(NEARFAR_HAS_EXTENDED)
  aggregates_of_long_double_agree_with_the_compiler();
  unions_of_long_double_inside_of_others_agree_with_the_compiler();
#endif
  empty_structs_agree_with_the_compiler();
  an_alignment_beyond_64_is_refused_on_the_stack();
}
