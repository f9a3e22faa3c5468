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

}  // namespace

StandardStreams take_standard_streams(bool is_duplex) {
  const Stream input = GetStdHandle(STD_INPUT_HANDLE);
  const StandardStreams taken{input, is_duplex ? input : GetStdHandle(STD_OUTPUT_HANDLE)};
  SetStdHandle(STD_INPUT_HANDLE, nullptr);
  if (!is_duplex) SetStdHandle(STD_OUTPUT_HANDLE, GetStdHandle(STD_ERROR_HANDLE));
  return taken;
}

Stream standard_error() { return GetStdHandle(STD_ERROR_HANDLE); }

size_t read_some(Stream stream, std::span<char> room) {
  DWORD count = 0;
  return ReadFile(stream, room.data(), bounded(room.size()), &count, nullptr) ? count : 0;
}

bool has_input(Stream stream) {
  DWORD count = 0;
  return PeekNamedPipe(stream, nullptr, 0, nullptr, &count, nullptr) && count > 0;
}

bool write_all(Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    DWORD count = 0;
    if (!WriteFile(stream, bytes.data(), bounded(bytes.size()), &count, nullptr)) return false;
    bytes.remove_prefix(count);
  }
  return true;
}

// Windows tells it only who writes.
bool has_reader(Stream) { return true; }

}  // namespace nearfar::helper
