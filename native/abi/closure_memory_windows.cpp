#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <cstring>
#include <string>

#include "abi/closure_code.h"

namespace nearfar::abi {

Result<std::byte*> map_thunk_block(const std::byte* code) {
  void* memory =
      VirtualAlloc(nullptr, 2 * kThunkBlockBytes, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  if (memory == nullptr) return Error{ErrorCode::kOutOfMemory, "no memory for more callbacks"};
  std::memcpy(memory, code, kThunkBlockBytes);
  DWORD before = 0;
  if (VirtualProtect(memory, kThunkBlockBytes, PAGE_EXECUTE_READ, &before) == 0) {
    const std::string reason = std::to_string(GetLastError());
    unmap_thunk_block(static_cast<std::byte*>(memory));
    return Error{ErrorCode::kNotSupported, "the system refuses executable pages: error " + reason};
  }
  FlushInstructionCache(GetCurrentProcess(), memory, kThunkBlockBytes);
  return static_cast<std::byte*>(memory);
}

void seal_thunk_block(std::byte* block) {
  DWORD before = 0;
  VirtualProtect(block + kThunkBlockBytes, kThunkBlockBytes, PAGE_READONLY, &before);
}

void unmap_thunk_block(std::byte* block) { VirtualFree(block, 0, MEM_RELEASE); }

}  // namespace nearfar::abi
