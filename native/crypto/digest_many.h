#pragma once

#include <limits>

#include "crypto/digest.h"

namespace nearfar::crypto {

// Pieces of one block of memory: between consecutive offsets or, without offsets, records of one
// size. Offsets are doubles, as JavaScript has them: exact to 2^53. Another thread may write to
// them meanwhile, so each is checked when it is used.
struct Pieces {
  std::span<const std::byte> data;
  const double* offsets = nullptr;  // One more than there are pieces.
  size_t record_size = 0;
  size_t count = 0;

  // False if the offsets are no integers, do not rise, or leave the data. To the caller's place: a
  // copy of what an optional has just got waits for the stores of its halves, 5 ns of 60.
  [[nodiscard]] bool find(size_t index, std::span<const std::byte>& piece) const;
};

inline constexpr size_t kNone = std::numeric_limits<size_t>::max();

// What a hash tree puts in front of a leaf and of a node (RFC 9162, section 2.1.1), so that no node
// passes for a leaf.
inline constexpr std::byte kLeafPrefix[] = {std::byte{0}};
inline constexpr std::byte kNodePrefix[] = {std::byte{1}};

// How a run over pieces ended: kNone pieces were refused, or the first that was. `failed` means
// that libcrypto did; the digest tells why.
struct ManyOutcome {
  size_t refused = kNone;
  bool failed = false;
  bool ok() const { return refused == kNone && !failed; }
};

// Writes the digests of the pieces from `first` to `last` to `out`, one after the other.
ManyOutcome hash_pieces(Digest& digest, const Pieces& pieces, std::span<const std::byte> prefix,
                        size_t first, size_t last, std::byte* out, size_t size);

// The root of a hash tree over `count` digests, which are overwritten; the root takes the place of
// the first. `count` is at least 1. False: the digest tells why.
[[nodiscard]] bool reduce_tree(Digest& digest, std::byte* digests, size_t count, size_t size);

}  // namespace nearfar::crypto
