#include <cstdlib>
#include <cstring>

#include "helper/base64.h"
#include "helper/command.h"
#include "helper/session.h"

// Memory of the client in this process.
namespace nearfar::helper {
namespace {

// malloc's own limit: no object is larger.
constexpr uint64_t kMaxBytes = PTRDIFF_MAX;

Outcome<Reply> add_memory(Session& session, std::span<std::byte> bytes) {
  return text_reply("mem_id", session.tables.memory.add(std::make_shared<Memory>(bytes)));
}

// Zeroed, so that nothing of this process shows.
Outcome<std::span<std::byte>> allocate(uint64_t size) {
  void* memory = size > kMaxBytes ? nullptr : std::calloc(1, size == 0 ? 1 : size);
  if (memory == nullptr) {
    return Failure{FailureCode::kAllocationFailed,
                   "there is no memory for " + std::to_string(size) + " bytes"};
  }
  return std::span<std::byte>(static_cast<std::byte*>(memory), size);
}

Outcome<std::shared_ptr<Memory>> find_memory(Session& session, const Params& params) {
  const Outcome<std::string> id = params.text("mem_id");
  if (!id) return id.failure();
  const std::shared_ptr<Memory> memory = session.tables.memory.find(id.value());
  if (memory == nullptr) return Failure{FailureCode::kInvalidMemory, "no memory has that mem_id"};
  return memory;
}

// The part of a memory that a request names; nothing can overflow, whatever the numbers.
Outcome<std::span<std::byte>> part_of(const Memory& memory, uint64_t offset, uint64_t length) {
  const std::span<std::byte> bytes = memory.bytes();
  if (offset > bytes.size() || length > bytes.size() - offset) {
    return Failure{FailureCode::kOutOfBounds,
                   "offset " + std::to_string(offset) + " and " + std::to_string(length) +
                       " bytes go beyond the memory's " + std::to_string(bytes.size())};
  }
  return bytes.subspan(offset, length);
}

// Attached bytes, Base64, or in compatibility mode {"__bytes__": Base64}.
Outcome<std::vector<std::byte>> read_data(Session& session, const Params& params) {
  const Attachments* const attachments = params.attachments();
  if (attachments != nullptr && session.has_frames() && params.find("data") == nullptr) {
    const auto* const start = reinterpret_cast<const std::byte*>(attachments->request.data());
    return std::vector<std::byte>(start, start + attachments->request.size());
  }
  const Outcome<const json::Value*> given = params.require("data");
  if (!given) return given.failure();
  const json::Value* text = given.value();
  if (session.is_compatible()) {
    const json::Value* wrapped = text->find("__bytes__");
    if (wrapped != nullptr) text = wrapped;
  }
  if (!text->is(json::Kind::kString)) {
    return Failure{FailureCode::kTypeError,
                   std::string("data must be a string, got ") + json::kind_name(text->kind)};
  }
  std::optional<std::vector<std::byte>> bytes = from_base64(text->text);
  if (!bytes) return Failure{FailureCode::kInvalidBase64, "data is not Base64"};
  return std::move(*bytes);
}

}  // namespace

Memory::~Memory() { std::free(bytes_.data()); }

Outcome<Reply> run_alloc(Session& session, const Params& params) {
  const Outcome<uint64_t> size = params.count("size");
  if (!size) return size.failure();
  const Outcome<std::span<std::byte>> bytes = allocate(size.value());
  if (!bytes) return bytes.failure();
  return add_memory(session, bytes.value());
}

// The handle is gone at once; the memory itself when no call uses it any more.
Outcome<Reply> run_free(Session& session, const Params& params) {
  const Outcome<std::string> id = params.text("mem_id");
  if (!id) return id.failure();
  if (session.tables.memory.remove(id.value()) == nullptr) {
    return Failure{FailureCode::kInvalidMemory, "no memory has that mem_id"};
  }
  return Reply{};
}

Outcome<Reply> run_strdup(Session& session, const Params& params) {
  const Outcome<std::string> value = params.text("value", "data");
  if (!value) return value.failure();
  const std::string& text = value.value();
  if (text.find('\0') != std::string::npos) {
    return Failure{FailureCode::kTypeError, "value must not contain U+0000"};
  }
  const Outcome<std::span<std::byte>> bytes = allocate(text.size() + 1);
  if (!bytes) return bytes.failure();
  std::memcpy(bytes.value().data(), text.data(), text.size());
  return add_memory(session, bytes.value());
}

Outcome<Reply> run_mem_write(Session& session, const Params& params) {
  const Outcome<std::shared_ptr<Memory>> memory = find_memory(session, params);
  if (!memory) return memory.failure();
  const Outcome<uint64_t> offset = params.count("offset");
  if (!offset) return offset.failure();
  const Outcome<std::vector<std::byte>> data = read_data(session, params);
  if (!data) return data.failure();
  const Outcome<std::span<std::byte>> target =
      part_of(*memory.value(), offset.value(), data.value().size());
  if (!target) return target.failure();
  if (!data.value().empty()) {
    std::memcpy(target.value().data(), data.value().data(), data.value().size());
  }
  return Reply{};
}

Outcome<Reply> run_mem_read(Session& session, const Params& params) {
  const Outcome<std::shared_ptr<Memory>> memory = find_memory(session, params);
  if (!memory) return memory.failure();
  const Outcome<uint64_t> offset = params.count("offset");
  if (!offset) return offset.failure();
  const Outcome<uint64_t> length = params.count("length", "len");
  if (!length) return length.failure();
  const Outcome<std::span<std::byte>> source =
      part_of(*memory.value(), offset.value(), length.value());
  if (!source) return source.failure();
  const Outcome<bool> attaches = params.flag("attach");
  if (!attaches) return attaches.failure();
  if (attaches.value()) {
    if (params.attachments() == nullptr || !session.has_frames()) {
      return Failure{FailureCode::kUnsupportedArguments, "attach needs frames, outside of a batch"};
    }
    params.attachments()->answer.assign(reinterpret_cast<const char*>(source.value().data()),
                                        source.value().size());
    return Reply{};
  }
  const std::string text = to_base64(source.value());
  if (!session.is_compatible()) return text_reply("data", text);
  return Reply{.members = "\"data\":{\"__bytes__\":\"" + text + "\"}"};
}

}  // namespace nearfar::helper
