#include <unistd.h>

#include <algorithm>
#include <climits>

#include "helper/base64.h"
#include "helper/command.h"
#include "helper/json/write.h"

// Memory of this process by address, for clients that the system does not let look at it.
namespace nearfar::helper {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 32;

// The system refuses to copy from or to an address that is none, where an access of ours would end
// the process.
class Pipe {
 public:
  Pipe() : is_open_(pipe(ends_) == 0) {}
  ~Pipe() {
    if (!is_open_) return;
    for (const int end : ends_) close(end);
  }
  bool is_open() const { return is_open_; }

  // How many bytes could be copied. Pieces that every pipe has room for, and not beyond a page.
  size_t copy(const std::byte* source, std::byte* target, size_t bytes) {
    static_assert(PIPE_BUF <= 4096);
    size_t done = 0;
    while (done < bytes) {
      const size_t in_source = left_in_block(source + done);
      const size_t in_target = left_in_block(target + done);
      const size_t piece = std::min({bytes - done, in_source, in_target});
      if (write(ends_[1], source + done, piece) != static_cast<ssize_t>(piece)) break;
      if (read(ends_[0], target + done, piece) != static_cast<ssize_t>(piece)) break;
      done += piece;
    }
    return done;
  }

 private:
  static size_t left_in_block(const std::byte* place) {
    return PIPE_BUF - reinterpret_cast<uintptr_t>(place) % PIPE_BUF;
  }

  int ends_[2] = {-1, -1};
  bool is_open_;
};

std::byte* place_of(uint64_t address) {
  return reinterpret_cast<std::byte*>(static_cast<uintptr_t>(address));
}

Failure no_pipe() { return {FailureCode::kCallFailed, "there is no pipe to copy through"}; }

}  // namespace

// {address, length} -> {data}: as much as is there.
Outcome<Reply> run_peek(Session&, const Params& params) {
  const Outcome<uint64_t> address = params.count("address");
  if (!address) return address.failure();
  const Outcome<uint64_t> length = params.count("length");
  if (!length) return length.failure();
  if (length.value() > kMostBytes) {
    return Failure{FailureCode::kOutOfBounds,
                   "length must be at most 4294967296, got " + std::to_string(length.value())};
  }
  Pipe pipe;
  if (!pipe.is_open()) return no_pipe();
  std::vector<std::byte> bytes(length.value());
  const size_t count = pipe.copy(place_of(address.value()), bytes.data(), bytes.size());
  return text_reply("data", to_base64(std::span(bytes).first(count)));
}

// {address, data} -> {length}: how much of it could be written.
Outcome<Reply> run_poke(Session&, const Params& params) {
  const Outcome<uint64_t> address = params.count("address");
  if (!address) return address.failure();
  const Outcome<std::string> data = params.text("data");
  if (!data) return data.failure();
  const std::optional<std::vector<std::byte>> bytes = from_base64(data.value());
  if (!bytes) return Failure{FailureCode::kInvalidBase64, "data is not Base64"};
  Pipe pipe;
  if (!pipe.is_open()) return no_pipe();
  const size_t count = pipe.copy(bytes->data(), place_of(address.value()), bytes->size());
  Reply reply;
  json::write_name(reply.members, "length");
  reply.members += std::to_string(count);
  return reply;
}

}  // namespace nearfar::helper
