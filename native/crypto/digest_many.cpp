#include "crypto/digest_many.h"

#include <algorithm>
#include <cstring>

namespace nearfar::crypto {

bool Pieces::find(size_t index, std::span<const std::byte>& piece) const {
  if (offsets == nullptr) {
    const size_t start = index * record_size;  // `count` records lie in the data: no overflow.
    if (start > data.size() || record_size > data.size() - start) return false;
    piece = data.subspan(start, record_size);
    return true;
  }
  const double start = offsets[index];
  const double end = offsets[index + 1];
  // Written so that NaN is refused, too.
  if (!(start >= 0 && start <= end && end <= static_cast<double>(data.size()))) return false;
  // Signed: the conversion to an unsigned number takes several instructions more.
  const auto first = static_cast<int64_t>(start);
  const auto last = static_cast<int64_t>(end);
  if (static_cast<double>(first) != start || static_cast<double>(last) != end) return false;
  piece = data.subspan(static_cast<size_t>(first), static_cast<size_t>(last - first));
  return true;
}

namespace {

// So many are hashed together where that is faster.
constexpr size_t kGroup = MultiSha256::kLanes;

using Group = std::span<const std::span<const std::byte>>;

bool hash_group(Digest& digest, std::span<const std::byte> prefix, Group group, std::byte* out,
                size_t size) {
  const MultiSha256* const multi = digest.algorithm().multi();
  if (multi != nullptr && MultiSha256::suits(prefix, group)) {
    multi->hash(prefix, group, out);
    return true;
  }
  for (const std::span<const std::byte> piece : group) {
    const bool hashed =
        prefix.empty() ? digest.hash(piece, out, size) : digest.hash(prefix, piece, out, size);
    if (!hashed) return false;
    out += size;
  }
  return true;
}

}  // namespace

ManyOutcome hash_pieces(Digest& digest, const Pieces& pieces, std::span<const std::byte> prefix,
                        size_t first, size_t last, std::byte* out, size_t size) {
  std::span<const std::byte> group[kGroup];
  while (first < last) {
    const size_t count = std::min(kGroup, last - first);
    for (size_t index = 0; index < count; ++index) {
      if (!pieces.find(first + index, group[index])) return {.refused = first + index};
    }
    if (!hash_group(digest, prefix, {group, count}, out, size)) return {.failed = true};
    first += count;
    out += count * size;
  }
  return {};
}

// RFC 9162 splits at the largest power of two below the count; joining neighbours level by level,
// with an odd one going up as it is, makes the same tree. A group's nodes are written where its own
// children or earlier ones were.
bool reduce_tree(Digest& digest, std::byte* digests, size_t count, size_t size) {
  std::span<const std::byte> group[kGroup];
  while (count > 1) {
    const size_t pairs = count / 2;
    for (size_t pair = 0; pair < pairs; pair += kGroup) {
      const size_t some = std::min(kGroup, pairs - pair);
      for (size_t index = 0; index < some; ++index) {
        group[index] = {digests + 2 * (pair + index) * size, 2 * size};
      }
      if (!hash_group(digest, kNodePrefix, {group, some}, digests + pair * size, size))
        return false;
    }
    if (count % 2 == 1) std::memmove(digests + pairs * size, digests + (count - 1) * size, size);
    count = pairs + count % 2;
  }
  return true;
}

}  // namespace nearfar::crypto
