#include <algorithm>
#include <bit>
#include <cstring>

#include "addon/background.h"
#include "addon/crypto_digests.h"
#include "addon/crypto_memory.h"
#include "addon/crypto_pieces.h"
#include "addon/parallel.h"
#include "napi/napi.h"

// Many pieces, and the tree over their digests, by all threads of the pool.
namespace nearfar::addon {
namespace {

// So many bytes take a thread some 50 us or longer; each piece costs as much as some bytes, too.
constexpr size_t kGrainBytes = 128 * 1024;
constexpr size_t kPieceBytes = 128;

// What several threads do for one promise, and how it went.
struct DigestWork : Background {
  DigestWork(crypto::DigestAlgorithmHandle algorithm, size_t size)
      : algorithm(std::move(algorithm)), size(size) {}

  napi_value result(napi_env env) override {
    if (problem) return napi::throw_error(env, *problem);
    const bool ok = refused == crypto::kNone;
    return napi::from_double(env, ok ? kAllHashed : static_cast<double>(refused));
  }

  void fail(const Error& error) {
    const std::lock_guard lock(mutex);
    problem = error;
  }

  void refuse(size_t index) {
    const std::lock_guard lock(mutex);
    refused = std::min(refused, index);
  }

  crypto::DigestAlgorithmHandle algorithm;
  size_t size;
  std::optional<PinnedMemory> out;
  std::mutex mutex;
  std::optional<Error> problem;
  size_t refused = crypto::kNone;  // The first of them.
};

struct PiecesWork final : DigestWork {
  using DigestWork::DigestWork;

  PiecesRequest request;
  std::optional<PinnedMemory> data;
  std::optional<PinnedMemory> offsets;
};

struct TreeWork final : DigestWork {
  using DigestWork::DigestWork;

  size_t count = 0;
};

size_t grain_of(const crypto::Pieces& pieces) {
  const size_t bytes = pieces.data.size() / pieces.count + kPieceBytes;
  return std::max<size_t>(1, kGrainBytes / bytes);
}

class PiecesLoop final : public ParallelLoop {
 public:
  explicit PiecesLoop(PiecesWork& work)
      : ParallelLoop(work.request.pieces.count, grain_of(work.request.pieces)), work_(work) {}

 protected:
  void work(size_t first, size_t last) override {
    if (work_.status != 0) return stop();
    Result<crypto::Digest> digest = crypto::Digest::make(work_.algorithm);
    if (!digest) return work_.fail(digest.error());
    std::byte* const out = work_.out->bytes().data() + first * work_.size;
    const crypto::ManyOutcome outcome = hash_pieces(
        digest.value(), work_.request.pieces, work_.request.prefix(), first, last, out, work_.size);
    if (outcome.failed) work_.fail(digest.value().error());
    if (outcome.refused != crypto::kNone) work_.refuse(outcome.refused);
  }

 private:
  PiecesWork& work_;
};

// Subtrees of as many leaves as a power of two are nodes of the whole tree (RFC 9162, section
// 2.1.1): each thread has its own, and leaves their roots in the places of their first leaves.
class TreeLoop final : public ParallelLoop {
 public:
  TreeLoop(TreeWork& work, size_t leaves)
      : ParallelLoop((work.count + leaves - 1) / leaves, 1), work_(work), leaves_(leaves) {}

 protected:
  void work(size_t first, size_t) override {
    if (work_.status != 0) return stop();
    Result<crypto::Digest> digest = crypto::Digest::make(work_.algorithm);
    if (!digest) return work_.fail(digest.error());
    const size_t start = first * leaves_;
    const size_t count = std::min(leaves_, work_.count - start);
    std::byte* const digests = work_.out->bytes().data() + start * work_.size;
    if (!reduce_tree(digest.value(), digests, count, work_.size)) {
      work_.fail(digest.value().error());
    }
  }

 private:
  TreeWork& work_;
  size_t leaves_;
};

void run_pieces(Task& task) {
  PiecesWork& work = static_cast<PiecesWork&>(task);
  PiecesLoop(work).run();
  work.finish();
}

void reduce_roots(TreeWork& work, size_t leaves) {
  std::byte* const digests = work.out->bytes().data();
  const size_t roots = (work.count + leaves - 1) / leaves;
  for (size_t index = 1; index < roots; ++index) {
    std::memcpy(digests + index * work.size, digests + index * leaves * work.size, work.size);
  }
  Result<crypto::Digest> digest = crypto::Digest::make(work.algorithm);
  if (!digest) return work.fail(digest.error());
  if (!reduce_tree(digest.value(), digests, roots, work.size)) work.fail(digest.value().error());
}

void run_tree(Task& task) {
  TreeWork& work = static_cast<TreeWork&>(task);
  const size_t leaves = std::bit_floor(kGrainBytes / (2 * work.size + kPieceBytes));
  TreeLoop(work, leaves).run();
  reduce_roots(work, leaves);
  work.finish();
}

// Starts the work unless its digests lack room; what it reads and writes stays.
napi_value start(napi_env env, Digests& digests, std::unique_ptr<DigestWork> work, size_t count,
                 std::initializer_list<napi_value> memory) {
  if (count == 0 || count > work->out->bytes().size() / work->size) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no pieces, or no room for digests");
  }
  const napi_value keep = napi::make_array(env);
  for (const napi_value view : memory) {
    if (!napi::append(env, keep, view)) return nullptr;
  }
  return start_background(*digests.environment, std::move(work), keep);
}

}  // namespace

napi_value hash_pieces_in_background(napi_env env, napi_callback_info info) {
  const napi::Arguments<6> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  auto work = std::make_unique<PiecesWork>(digest->handle(), digests.size());
  PiecesRequest& request = work->request;
  if (!request.read(env, arguments[2], arguments[3], arguments[4])) return nullptr;
  work->run = run_pieces;
  work->data = PinnedMemory::pin(env, arguments[0]);
  work->out = PinnedMemory::pin(env, arguments[5]);
  const bool has_offsets = !napi::is_nullish(env, arguments[1]);
  if (has_offsets) work->offsets = PinnedMemory::pin(env, arguments[1]);
  if (!work->data || !work->out || (has_offsets && !work->offsets)) return nullptr;
  std::optional<std::span<const std::byte>> offsets;
  if (work->offsets) offsets = work->offsets->bytes();
  if (!request.locate(env, work->data->bytes(), offsets)) return nullptr;
  const size_t count = request.pieces.count;
  return start(env, digests, std::move(work), count, {arguments[0], arguments[1], arguments[5]});
}

napi_value reduce_tree_in_background(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  const std::optional<double> count = napi::to_double(env, arguments[1]);
  if (!count) return nullptr;
  auto work = std::make_unique<TreeWork>(digest->handle(), digests.size());
  work->run = run_tree;
  work->count = *count >= 1 ? static_cast<size_t>(*count) : 0;
  work->out = PinnedMemory::pin(env, arguments[0]);
  if (!work->out) return nullptr;
  const size_t digest_count = work->count;
  return start(env, digests, std::move(work), digest_count, {arguments[0]});
}

}  // namespace nearfar::addon
