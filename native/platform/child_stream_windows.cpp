#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "platform/child_process.h"
#include "platform/child_stream.h"
#include "platform/windows_handle.h"

namespace nearfar::platform {

using std::chrono::milliseconds;

namespace {

constexpr DWORD kBufferBytes = 256 * 1024;

// One direction: bytes that an operation of the system is about, and the event that it is over.
struct Transfer {
  WindowsHandle event{CreateEventW(nullptr, TRUE, FALSE, nullptr)};
  OVERLAPPED operation = {};
  std::unique_ptr<char[]> bytes = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  bool is_pending = false;

  OVERLAPPED* begin() {
    operation = {};
    operation.hEvent = event.get();
    is_pending = true;
    return &operation;
  }
};

// Nobody else makes a pipe of this name before us, and only one process can open it.
std::wstring new_name() {
  static std::atomic<uint32_t> last = 0;
  return L"\\\\.\\pipe\\nearfar-" + std::to_wstring(GetCurrentProcessId()) + L"-" +
         std::to_wstring(++last);
}

}  // namespace

// A named pipe, because only those do anything without waiting. There is a read in progress all the
// time: its event is what others wait for.
struct ChildStream::System {
  WindowsHandle own;
  WindowsHandle other;
  Transfer incoming;
  Transfer outgoing;
  size_t received = 0;  // In the buffer of what comes,
  size_t taken = 0;     // and how much of that was taken.
  bool is_gone = false;

  ~System() {
    CancelIoEx(own.get(), nullptr);
    for (Transfer* transfer : {&incoming, &outgoing}) {
      DWORD count = 0;
      if (transfer->is_pending) GetOverlappedResult(own.get(), &transfer->operation, &count, TRUE);
    }
  }

  // Whether nothing is in progress; then `count` is what came of it.
  bool has_finished(Transfer& transfer, DWORD& count) {
    if (!transfer.is_pending) return true;
    if (!GetOverlappedResult(own.get(), &transfer.operation, &count, FALSE)) {
      if (GetLastError() == ERROR_IO_INCOMPLETE) return false;
      is_gone = true;
    }
    transfer.is_pending = false;
    return true;
  }

  void read() {
    received = taken = 0;
    if (ReadFile(own.get(), incoming.bytes.get(), kBufferBytes, nullptr, incoming.begin()) ||
        GetLastError() == ERROR_IO_PENDING) {
      return;
    }
    incoming.is_pending = false;
    is_gone = true;
    SetEvent(incoming.event.get());
  }
};

ChildStream::ChildStream() = default;
ChildStream::ChildStream(std::unique_ptr<System> system) : system_(std::move(system)) {}
ChildStream::ChildStream(ChildStream&& other) noexcept = default;
ChildStream& ChildStream::operator=(ChildStream&& other) noexcept = default;
ChildStream::~ChildStream() = default;

Result<ChildStream> ChildStream::open() {
  const std::wstring name = new_name();
  auto system = std::make_unique<System>();
  system->own = WindowsHandle(CreateNamedPipeW(
      name.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, kBufferBytes, kBufferBytes, 0, nullptr));
  if (!system->own) return windows_error("CreateNamedPipe");
  SECURITY_ATTRIBUTES inherited = {
      .nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
  // Overlapped, too: otherwise a write there would wait for the read that is in progress.
  system->other =
      WindowsHandle(CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, &inherited,
                                OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
  if (!system->other) return windows_error("CreateFile");
  system->read();
  return ChildStream(std::move(system));
}

FileHandle ChildStream::other_end() const { return system_->other.get(); }

void ChildStream::close_other_end() { WindowsHandle closed = std::move(system_->other); }

FileHandle ChildStream::handle() const { return system_->incoming.event.get(); }

std::optional<size_t> ChildStream::send(std::string_view bytes) {
  System& system = *system_;
  DWORD count = 0;
  if (!system.has_finished(system.outgoing, count)) return 0;
  if (system.is_gone) return {};
  const auto size = static_cast<DWORD>(std::min<size_t>(bytes.size(), kBufferBytes));
  std::memcpy(system.outgoing.bytes.get(), bytes.data(), size);
  if (WriteFile(system.own.get(), system.outgoing.bytes.get(), size, nullptr,
                system.outgoing.begin()) ||
      GetLastError() == ERROR_IO_PENDING) {
    return size;
  }
  system.outgoing.is_pending = false;
  system.is_gone = true;
  return {};
}

std::optional<size_t> ChildStream::receive(std::span<char> room) {
  System& system = *system_;
  if (system.incoming.is_pending) {
    DWORD count = 0;
    if (!system.has_finished(system.incoming, count)) return 0;
    system.received = system.is_gone ? 0 : count;
  }
  const size_t count = std::min(room.size(), system.received - system.taken);
  std::memcpy(room.data(), system.incoming.bytes.get() + system.taken, count);
  system.taken += count;
  if (system.taken == system.received && !system.is_gone) system.read();
  if (count == 0 && system.is_gone) return {};
  return count;
}

ChildStream::Readiness ChildStream::wait(const Wanted& wanted,
                                         std::optional<milliseconds> limit) const {
  const HANDLE readable = system_->incoming.event.get();
  const HANDLE writable = system_->outgoing.event.get();
  if (wanted.writable && !system_->outgoing.is_pending) return {.writable = true};
  std::vector<HANDLE> handles;
  if (wanted.readable) handles.push_back(readable);
  if (wanted.writable) handles.push_back(writable);
  if (wanted.end != nullptr) handles.push_back(wanted.end->handle());
  const DWORD time = limit ? static_cast<DWORD>(limit->count()) : INFINITE;
  WaitForMultipleObjects(static_cast<DWORD>(handles.size()), handles.data(), FALSE, time);
  const auto is_set = [](HANDLE handle) { return WaitForSingleObject(handle, 0) == WAIT_OBJECT_0; };
  return {.readable = wanted.readable && is_set(readable),
          .writable = wanted.writable && is_set(writable),
          .ended = wanted.end != nullptr && wanted.end->has_ended()};
}

}  // namespace nearfar::platform
