#include "crypto/digest_many.h"

#include <cstring>

namespace nearfar::crypto {

std::optional<std::span<const std::byte>> Pieces::at(size_t index) const {
  if (offsets == nullptr) {
    const size_t start = index * record_size;  // `count` records lie in the data: no overflow.
    if (start > data.size() || record_size > data.size() - start) return {};
    return data.subspan(start, record_size);
  }
  const double start = offsets[index];
  const double end = offsets[index + 1];
  // Written so that NaN is refused, too.
  if (!(start >= 0 && start <= end && end <= static_cast<double>(data.size()))) return {};
  const size_t first = static_cast<size_t>(start);
  const size_t last = static_cast<size_t>(end);
  if (static_cast<double>(first) != start || static_cast<double>(last) != end) return {};
  return data.subspan(first, last - first);
}

ManyOutcome hash_pieces(Digest& digest, const Pieces& pieces, std::span<const std::byte> prefix,
                        size_t first, size_t last, std::byte* out, size_t size) {
  for (size_t index = first; index < last; ++index, out += size) {
    const std::optional<std::span<const std::byte>> piece = pieces.at(index);
    if (!piece) return {.refused = index};
    const bool hashed =
        prefix.empty() ? digest.hash(*piece, out, size) : digest.hash(prefix, *piece, out, size);
    if (!hashed) return {.failed = true};
  }
  return {};
}

// RFC 9162 splits at the largest power of two below the count; joining neighbours level by level,
// with an odd one going up as it is, makes the same tree.
bool reduce_tree(Digest& digest, std::byte* digests, size_t count, size_t size) {
  while (count > 1) {
    const size_t pairs = count / 2;
    for (size_t pair = 0; pair < pairs; ++pair) {
      const std::span<const std::byte> children(digests + 2 * pair * size, 2 * size);
      if (!digest.hash(kNodePrefix, children, digests + pair * size, size)) return false;
    }
    if (count % 2 == 1) std::memmove(digests + pairs * size, digests + (count - 1) * size, size);
    count = pairs + count % 2;
  }
  return true;
}

}  // namespace nearfar::crypto
