#include "crypto/multi_digest.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "crypto/binder.h"
#include "crypto/direct_digest.h"

namespace nearfar::crypto {
namespace {

constexpr size_t kBlock = 64;
constexpr size_t kDigest = 32;
// FIPS 180-4, section 5.1.1: a byte 0x80 and the length in bits follow a message.
constexpr size_t kPadding = 9;

// Messages up to this length are copied, with their padding, and take one run. Longer ones take one
// where they lie, and one of their padded end.
constexpr size_t kTailBlocks = 4;
constexpr size_t kLongestCopied = kTailBlocks * kBlock - kPadding;
// Runs count their blocks in an int.
constexpr size_t kLongest = size_t{1} << 30;

// FIPS 180-4, section 5.3.3.
constexpr uint32_t kInitial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

struct Tail {
  std::byte bytes[kTailBlocks * kBlock];
};

#if defined(__x86_64__)
// OPENSSL_VERSION_NUMBER: MNN00PP0.
constexpr unsigned long kVersionMask = 0xfff00000;                 // NOLINT: libcrypto's own type
constexpr unsigned long kTested[] = {0x30000000UL, 0x30500000UL};  // NOLINT: 3.0, 3.5

bool is_tested_version() {
  Binder binder;
  unsigned long (*version)() = nullptr;  // NOLINT
  binder.bind(version, "OpenSSL_version_num");
  return !binder.failed() && std::ranges::count(kTested, version() & kVersionMask) > 0;
}
#endif

constexpr uint32_t reversed(uint32_t word) {
  return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
}

// One store: of bytes stored one by one compilers made hundreds of instructions.
void store_big_endian(std::byte* out, uint32_t word) {
  if constexpr (std::endian::native == std::endian::little) word = reversed(word);
  std::memcpy(out, &word, sizeof word);
}

size_t blocks_of(size_t length) { return (length + kPadding + kBlock - 1) / kBlock; }

// The end of a message of `length` bytes, from a multiple of the block size on. Returns its blocks.
int pad(Tail& tail, std::span<const std::byte> prefix, std::span<const std::byte> rest,
        size_t length) {
  std::byte* next = tail.bytes;
  for (const std::span<const std::byte> part : {prefix, rest}) {
    if (!part.empty()) std::memcpy(next, part.data(), part.size());
    next += part.size();
  }
  const size_t used = prefix.size() + rest.size();
  const size_t blocks = blocks_of(used);
  std::memset(next, 0, blocks * kBlock - used);
  *next = std::byte{0x80};
  const uint64_t bits = uint64_t{length} * 8;
  store_big_endian(tail.bytes + blocks * kBlock - 8, static_cast<uint32_t>(bits >> 32));
  store_big_endian(tail.bytes + blocks * kBlock - 4, static_cast<uint32_t>(bits));
  return static_cast<int>(blocks);
}

}  // namespace

bool MultiSha256::suits(std::span<const std::byte> prefix,
                        std::span<const std::span<const std::byte>> pieces) {
  size_t longest = 0;
  size_t shortest = kLongest;
  size_t blocks = 0;
  for (const std::span<const std::byte> piece : pieces) {
    const size_t length = prefix.size() + piece.size();
    longest = std::max(longest, length);
    shortest = std::min(shortest, length);
    blocks += blocks_of(std::min(length, kLongest));
  }
  if (longest > (prefix.empty() ? kLongest : kLongestCopied)) return false;
  // Libcrypto stops at the first group of lanes that have no blocks: all have some where they lie.
  if (longest > kLongestCopied && shortest < kBlock) return false;
  // All lanes run as long as the longest; twice the speed is lost where half of them idle.
  return pieces.size() > 1 && blocks * 3 >= blocks_of(longest) * pieces.size() * 2;
}

void MultiSha256::hash(std::span<const std::byte> prefix,
                       std::span<const std::span<const std::byte>> pieces, std::byte* out) const {
  States states;
  for (size_t word = 0; word < std::size(kInitial); ++word) {
    std::fill_n(states.words[word], kLanes, kInitial[word]);
  }
  Tail tails[kLanes];
  Run whole[kLanes];
  Run ends[kLanes];
  // Blocks that are whole are read where they lie: to copy 64 bytes takes as long as a tenth of
  // their rounds. Short messages are copied with their padding, for one run instead of two.
  const bool has_whole =
      prefix.empty() && std::ranges::all_of(pieces, [](std::span<const std::byte> piece) {
        return piece.size() >= kBlock;
      });
  for (size_t lane = 0; lane < kLanes; ++lane) {
    // Member by member: a copy of the whole waits for the stores of its halves.
    whole[lane].data = ends[lane].data = tails[0].bytes;
    whole[lane].blocks = ends[lane].blocks = 0;
    if (lane >= pieces.size()) continue;
    const std::span<const std::byte> piece = pieces[lane];
    const size_t length = prefix.size() + piece.size();
    const size_t in_place = has_whole ? piece.size() / kBlock * kBlock : 0;
    whole[lane].data = piece.data();
    whole[lane].blocks = static_cast<int>(in_place / kBlock);
    ends[lane].data = tails[lane].bytes;
    // Messages of one length that fill their blocks have the same end.
    if (lane > 0 && in_place > 0 && in_place == piece.size() && length == pieces[0].size()) {
      ends[lane].data = tails[0].bytes;
      ends[lane].blocks = ends[0].blocks;
      continue;
    }
    ends[lane].blocks = pad(tails[lane], prefix, piece.subspan(in_place), length);
  }
  const int groups = pieces.size() > kLanes / 2 ? 2 : 1;
  if (has_whole) compress_(&states, whole, groups);
  compress_(&states, ends, groups);
  for (size_t lane = 0; lane < pieces.size(); ++lane) {
    for (size_t word = 0; word < std::size(kInitial); ++word) {
      store_big_endian(out + lane * kDigest + word * 4, states.words[word][lane]);
    }
  }
}

// Messages of different lengths, in all numbers of lanes.
bool MultiSha256::agrees_with_standard(size_t first_length, size_t range) const {
  const std::optional<DirectDigest> standard = find_direct_functions("sha256");
  if (!standard) return false;
  constexpr size_t kStep = 211;
  std::byte data[1024];
  for (size_t index = 0; index < sizeof data; ++index) {
    data[index] = static_cast<std::byte>(index * 131 + index / 7);
  }
  for (size_t count = 1; count <= kLanes; ++count) {
    std::span<const std::byte> pieces[kLanes];
    for (size_t lane = 0; lane < count; ++lane) {
      pieces[lane] = std::span(data).subspan(lane, first_length + (lane * kStep) % range);
    }
    std::byte digests[kLanes * kDigest];
    hash({}, {pieces, count}, digests);
    for (size_t lane = 0; lane < count; ++lane) {
      std::byte expected[kDigest];
      DirectDigest::Context state;
      standard->init(&state);
      standard->update(&state, pieces[lane].data(), pieces[lane].size());
      standard->final(reinterpret_cast<unsigned char*>(expected), &state);
      if (std::memcmp(expected, digests + lane * kDigest, kDigest) != 0) return false;
    }
  }
  return true;
}

const MultiSha256* MultiSha256::find(std::string_view name, const Md* md) {
#if defined(__x86_64__)
  if (name != "sha256" || !is_of_default_provider(md)) return nullptr;
  static const MultiSha256 multi = [] {
    MultiSha256 candidate;
    Binder binder;
    binder.bind(candidate.compress_, "sha256_multi_block");
    const bool usable = !binder.failed() && is_tested_version() &&
                        __builtin_cpu_supports("ssse3") &&
                        candidate.agrees_with_standard(0, kLongestCopied) &&
                        candidate.agrees_with_standard(kBlock, 700);
    return usable ? candidate : MultiSha256();
  }();
  return multi.compress_ != nullptr ? &multi : nullptr;
#else
  static_cast<void>(name);
  static_cast<void>(md);
  return nullptr;
#endif
}

}  // namespace nearfar::crypto
