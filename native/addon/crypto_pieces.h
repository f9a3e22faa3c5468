#pragma once

#include <node_api.h>

#include "crypto/digest_many.h"

namespace nearfar::addon {

// What hashPieces and hashPiecesInBackground take:
// (data: Uint8Array, offsets: Float64Array | undefined, record size, count, is leaf, out)
struct PiecesRequest {
  crypto::Pieces pieces;
  bool is_leaf = false;

  // The numbers; the memory comes later. False leaves an exception pending.
  bool read(napi_env env, napi_value record, napi_value count, napi_value leaf);

  // Whether the memory has what the numbers say. False leaves an exception pending.
  bool locate(napi_env env, std::span<const std::byte> data,
              std::optional<std::span<const std::byte>> offsets);

  // What stands before each piece.
  std::span<const std::byte> prefix() const {
    return is_leaf ? std::span<const std::byte>(crypto::kLeafPrefix) : std::span<const std::byte>();
  }
};

// What JavaScript is told when no piece was refused.
inline constexpr int kAllHashed = -1;

// hashPiecesInBackground(...) -> promise of -1 or of the piece that was refused; undefined where
// the memory cannot be pinned
napi_value hash_pieces_in_background(napi_env env, napi_callback_info info);

// reduceTreeInBackground(digests: Uint8Array, count) -> promise; the root takes the place of the
// first digest
napi_value reduce_tree_in_background(napi_env env, napi_callback_info info);

}  // namespace nearfar::addon
