#include "addon/crypto_pieces.h"

#include <algorithm>

#include "addon/crypto_digests.h"
#include "crypto/encoding.h"
#include "napi/napi.h"

// Many pieces of one block of memory, in one crossing.
namespace nearfar::addon {
namespace {

// So many digests at a time become text.
constexpr size_t kGroup = 64;

// Digests of `size` bytes, one after the other. As hexadecimal, where no digest ends in padding,
// they are one text.
size_t encode_digests(std::span<const std::byte> digests, size_t size, crypto::Encoding encoding,
                      char* out) {
  if (encoding == crypto::Encoding::kHex) return crypto::encode(encoding, digests, out);
  size_t written = 0;
  for (size_t start = 0; start < digests.size(); start += size) {
    written += crypto::encode(encoding, digests.subspan(start, size), out + written);
  }
  return written;
}

// Writes the digests of some pieces as text, one after the other.
crypto::ManyOutcome encode_pieces(crypto::Digest& digest, const PiecesRequest& request, size_t size,
                                  crypto::Encoding encoding, char* out) {
  std::byte values[kGroup * crypto::kMaxDigestBytes];
  const size_t count = request.pieces.count;
  for (size_t first = 0; first < count; first += kGroup) {
    const size_t last = std::min(first + kGroup, count);
    const crypto::ManyOutcome outcome =
        hash_pieces(digest, request.pieces, request.prefix(), first, last, values, size);
    if (!outcome.ok()) return outcome;
    out += encode_digests({values, (last - first) * size}, size, encoding, out);
  }
  return {};
}

// hashPieces(data, offsets, record size, count, is leaf, out) -> -1, or the piece that was refused
napi_value hash_pieces_here(napi_env env, napi_callback_info info) {
  const napi::Arguments<6> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  PiecesRequest request;
  if (!request.read(env, arguments[2], arguments[3], arguments[4])) return nullptr;
  const std::optional<std::span<std::byte>> data = napi::to_bytes(env, arguments[0]);
  if (!data) return nullptr;
  std::optional<std::span<std::byte>> offsets;
  if (!napi::is_nullish(env, arguments[1])) {
    offsets = napi::to_bytes(env, arguments[1]);
    if (!offsets) return nullptr;
  }
  if (!request.locate(env, *data, offsets)) return nullptr;
  const size_t size = digests.size();
  const bool is_raw = digests.encoding() == kRawDigest;
  const auto encoding = static_cast<crypto::Encoding>(digests.encoding());
  const size_t width = is_raw ? size : crypto::encoded_length(encoding, size);
  if (!is_raw && size > crypto::kMaxDigestBytes) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the digest is too long for text");
  }
  std::byte* out = to_output(env, arguments[5], request.pieces.count * width);
  if (out == nullptr) return nullptr;
  const crypto::ManyOutcome outcome =
      is_raw ? hash_pieces(*digest, request.pieces, request.prefix(), 0, request.pieces.count, out,
                           size)
             : encode_pieces(*digest, request, size, encoding, reinterpret_cast<char*>(out));
  if (outcome.failed) return napi::throw_error(env, digest->error());
  return napi::from_double(env, outcome.ok() ? kAllHashed : static_cast<double>(outcome.refused));
}

// reduceTree(digests: Uint8Array, count): the root takes the place of the first
napi_value reduce_tree_here(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  const std::optional<std::span<std::byte>> values = napi::to_bytes(env, arguments[0]);
  if (!values) return nullptr;
  const std::optional<double> count = napi::to_double(env, arguments[1]);
  if (!count) return nullptr;
  const size_t size = digests.size();
  if (!(*count >= 1) || static_cast<size_t>(*count) > values->size() / size) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "there are fewer digests");
  }
  if (!reduce_tree(*digest, values->data(), static_cast<size_t>(*count), size)) {
    napi::throw_error(env, digest->error());
  }
  return nullptr;
}

}  // namespace

bool PiecesRequest::read(napi_env env, napi_value record, napi_value count, napi_value leaf) {
  const std::optional<double> bytes = napi::to_double(env, record);
  const std::optional<double> number = bytes ? napi::to_double(env, count) : bytes;
  if (!number || !napi::check(env, napi_get_value_bool(env, leaf, &is_leaf))) return false;
  pieces.record_size = static_cast<size_t>(*bytes);
  pieces.count = static_cast<size_t>(*number);
  return true;
}

bool PiecesRequest::locate(napi_env env, std::span<const std::byte> data,
                           std::optional<std::span<const std::byte>> offsets) {
  pieces.data = data;
  if (offsets) pieces.offsets = reinterpret_cast<const double*>(offsets->data());
  const bool fits =
      offsets ? pieces.count < offsets->size() / sizeof(double)
              : pieces.record_size > 0 && pieces.count <= data.size() / pieces.record_size;
  if (!fits) napi::throw_error(env, ErrorCode::kInvalidArgument, "there are fewer pieces");
  return fits;
}

bool register_pieces(napi_env env, napi_value object, Digests& digests) {
  return napi::set_function(env, object, "hashPieces", hash_pieces_here, &digests) &&
         napi::set_function(env, object, "reduceTree", reduce_tree_here, &digests) &&
         napi::set_function(env, object, "hashPiecesInBackground", hash_pieces_in_background,
                            &digests) &&
         napi::set_function(env, object, "reduceTreeInBackground", reduce_tree_in_background,
                            &digests);
}

}  // namespace nearfar::addon
