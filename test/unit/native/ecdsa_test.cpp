#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "crypto/ecdsa_encoding.h"
#include "crypto/key_kind.h"

using namespace nearfar::crypto;

static void both_encodings_hold_the_same_numbers() {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    const size_t size = round % 2 == 0 ? 32 : 66;
    std::byte p1363[kMaxP1363Bytes];
    std::byte der[kMaxEcdsaDerBytes];
    std::byte back[kMaxP1363Bytes];
    for (size_t index = 0; index < 2 * size; ++index) p1363[index] = std::byte(random() & 0xff);
    // Leading zeros are left out of DER.
    for (size_t zeros = random() % 4; zeros > 0; --zeros) p1363[zeros - 1] = std::byte{};
    for (size_t zeros = random() % size; zeros > 0; --zeros) p1363[size + zeros - 1] = std::byte{};
    const size_t length = p1363_to_der({p1363, 2 * size}, der);
    CHECK(length <= kMaxEcdsaDerBytes);
    if (!CHECK(der_to_p1363({der, length}, size, back))) return;
    CHECK(std::memcmp(p1363, back, 2 * size) == 0);
    // Cut short, or followed by something, it is refused.
    CHECK(!der_to_p1363({der, random() % length}, size, back));
  }
}

static void whatever_is_read_as_der_is_the_der_that_is_written() {
  std::mt19937 random(2);
  int accepted = 0;
  for (int round = 0; round < 100'000; ++round) {
    // In memory of its own size, so that a sanitizer sees a byte too far.
    std::vector<std::byte> der(kMaxEcdsaDerBytes);
    std::byte p1363[kMaxP1363Bytes];
    for (std::byte& byte : p1363) byte = std::byte(random() & 0xff);
    der.resize(p1363_to_der({p1363, 64}, der.data()));
    for (int changes = 1 + random() % 2; changes > 0; --changes) {
      der[random() % der.size()] = std::byte(random() & 0xff);
    }
    if (random() % 4 == 0) der.resize(random() % (der.size() + 1));
    der.shrink_to_fit();
    std::byte read[kMaxP1363Bytes];
    if (!der_to_p1363(der, 32, read)) continue;
    ++accepted;
    std::byte written[kMaxEcdsaDerBytes];
    const size_t length = p1363_to_der({read, 64}, written);
    CHECK(length == der.size() && std::memcmp(written, der.data(), length) == 0);
  }
  CHECK(accepted > 1000);
}

static void of_s_and_its_mirror_one_is_low() {
  std::mt19937 random(3);
  for (const KeyKind& kind : key_kinds()) {
    if (kind.family != KeyFamily::kEcdsa) continue;
    const EcdsaOrder order(kind.order);
    CHECK(order.size() == kind.raw_size);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::byte> s(order.size());
      // Below the order, whose first byte may be 1.
      for (size_t index = 1; index < s.size(); ++index) s[index] = std::byte(random() & 0xff);
      s[0] = kind.order.starts_with("01") ? std::byte(random() & 1) : std::byte(random() % 255);
      std::vector<std::byte> low = s;
      order.make_low(low);
      CHECK(order.is_low(low));
      CHECK((low == s) == order.is_low(s));
    }
    std::vector<std::byte> too_large(order.size(), std::byte{0xff});
    CHECK(!order.is_low(too_large));
    order.make_low(too_large);
    CHECK(too_large[0] == std::byte{0xff});
  }
}

void test_ecdsa_encoding() {
  both_encodings_hold_the_same_numbers();
  whatever_is_read_as_der_is_the_der_that_is_written();
  of_s_and_its_mirror_one_is_low();
}
