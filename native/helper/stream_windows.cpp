#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include "helper/stream.h"

namespace nearfar::helper {
namespace {

// A write of more is refused by some consoles and pipes.
constexpr size_t kMostBytes = 1u << 20;

DWORD bounded(size_t size) { return static_cast<DWORD>(size < kMostBytes ? size : kMostBytes); }

HANDLE own_event() {
  // Of threads that live as long as the process.
  static thread_local const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  return event;
}

// How many bytes an operation has moved; 0 if it failed. A pipe that carries both directions is
// open for operations that do not wait: of those that do, a write would come after the read in
// progress. Other streams take none.
template <typename Operate>
size_t move_bytes(Stream stream, Operate operate) {
  DWORD count = 0;
  if (GetFileType(stream) != FILE_TYPE_PIPE) return operate(&count, nullptr) ? count : 0;
  OVERLAPPED operation = {};
  operation.hEvent = own_event();
  if (!operate(nullptr, &operation) && GetLastError() != ERROR_IO_PENDING) return 0;
  return GetOverlappedResult(stream, &operation, &count, TRUE) ? count : 0;
}

// For us, and not for processes that a library starts: they would hold it open beyond our end.
Stream take_over(DWORD name) {
  const Stream stream = GetStdHandle(name);
  SetHandleInformation(stream, HANDLE_FLAG_INHERIT, 0);
  return stream;
}

}  // namespace

StandardStreams take_standard_streams(bool is_duplex) {
  const Stream input = take_over(STD_INPUT_HANDLE);
  const StandardStreams taken{input, is_duplex ? input : take_over(STD_OUTPUT_HANDLE)};
  SetStdHandle(STD_INPUT_HANDLE, nullptr);
  if (!is_duplex) SetStdHandle(STD_OUTPUT_HANDLE, GetStdHandle(STD_ERROR_HANDLE));
  return taken;
}

Stream standard_error() { return GetStdHandle(STD_ERROR_HANDLE); }

size_t read_some(Stream stream, std::span<char> room) {
  return move_bytes(stream, [&](DWORD* count, OVERLAPPED* operation) {
    return ReadFile(stream, room.data(), bounded(room.size()), count, operation);
  });
}

bool has_input(Stream stream) {
  DWORD count = 0;
  return PeekNamedPipe(stream, nullptr, 0, nullptr, &count, nullptr) && count > 0;
}

bool write_all(Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t count = move_bytes(stream, [&](DWORD* written, OVERLAPPED* operation) {
      return WriteFile(stream, bytes.data(), bounded(bytes.size()), written, operation);
    });
    if (count == 0) return false;
    bytes.remove_prefix(count);
  }
  return true;
}

// Windows tells it only who writes.
bool has_reader(Stream) { return true; }

}  // namespace nearfar::helper
