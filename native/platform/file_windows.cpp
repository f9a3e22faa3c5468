#include "platform/file.h"

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <algorithm>
#include <string>

namespace nearfar::platform {

Result<size_t> read_at(FileHandle file, uint64_t offset, std::span<std::byte> out) {
  OVERLAPPED place = {};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  const DWORD wanted = static_cast<DWORD>(std::min<size_t>(out.size(), MAXDWORD));
  DWORD count = 0;
  if (ReadFile(file, out.data(), wanted, &count, &place)) return count;
  const DWORD problem = GetLastError();
  if (problem == ERROR_HANDLE_EOF) return 0;
  return Error{ErrorCode::kReadFailed, "ReadFile failed with error " + std::to_string(problem)};
}

}  // namespace nearfar::platform
